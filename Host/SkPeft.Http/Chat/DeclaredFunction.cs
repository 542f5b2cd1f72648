using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Http.Chat;

/// <summary>A function that the client runs: what it is called and takes. AdditionalProperties <c>strict</c> says whether arguments must fit the schema.</summary>
internal sealed class DeclaredFunction : AIFunctionDeclaration
{
    private static readonly JsonElement s_nothing = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public DeclaredFunction(string name, string description, JsonElement? schema, bool? strict)
    {
        (Name, Description, JsonSchema) = (name, description, schema ?? s_nothing);
        AdditionalProperties = strict is null ? base.AdditionalProperties : new Dictionary<string, object?> { ["strict"] = strict };
    }

    public override string Name { get; }

    public override string Description { get; }

    public override JsonElement JsonSchema { get; }

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; }
}
