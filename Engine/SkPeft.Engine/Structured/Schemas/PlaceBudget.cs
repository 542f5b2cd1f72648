using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Makes places, and not more than a server can afford.</summary>
internal sealed class PlaceBudget
{
    private const int Most = 200_000;

    private int _made;

    /// <summary>The schema that is being written, for the message.</summary>
    public SchemaOrigin? Origin { get; set; }

    public Place Add() => ++_made <= Most
        ? new Place()
        : throw Origin!.Wrong("schema", $"a grammar of more than {Most} places", "fewer properties, or smaller minItems, maxItems, minProperties and maxProperties");
}
