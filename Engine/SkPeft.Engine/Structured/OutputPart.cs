using System.Text.Json;

namespace SkPeft.Engine.Structured;

/// <summary>A part of what an answer may look like.</summary>
public abstract record OutputPart
{
    private protected OutputPart()
    {
    }
}

/// <summary>A fixed text; where all of it is one special token, that token.</summary>
/// <param name="Text">At least one character.</param>
public sealed record LiteralPart(string Text) : OutputPart;

/// <summary>Any text in which none of these begins.</summary>
/// <param name="Before">The texts that end it; each at least one character.</param>
/// <param name="Until">True: it ends with one of them, which belongs to it; false: it ends without.</param>
/// <param name="NotFirst">Characters with which it may not begin, blanks in front passed over.</param>
public sealed record TextPart(IReadOnlyList<string> Before, bool Until = false, string NotFirst = "") : OutputPart;

/// <summary>JSON that is valid against a schema.</summary>
/// <param name="Schema">The schema; references are within it.</param>
/// <param name="Name">What it is, for messages.</param>
public sealed record JsonPart(JsonElement Schema, string Name) : OutputPart;

/// <summary>Any JSON object.</summary>
public sealed record JsonObjectPart : OutputPart;

/// <summary>Parts behind each other.</summary>
/// <param name="Items">The parts; none is the empty text.</param>
public sealed record SequencePart(IReadOnlyList<OutputPart> Items) : OutputPart;

/// <summary>One of several.</summary>
/// <param name="Items">At least one.</param>
public sealed record ChoicePart(IReadOnlyList<OutputPart> Items) : OutputPart;

/// <summary>A part once or more.</summary>
/// <param name="Item">What is repeated.</param>
/// <param name="Separator">What stands between; null: nothing.</param>
public sealed record RepeatPart(OutputPart Item, OutputPart? Separator = null) : OutputPart;
