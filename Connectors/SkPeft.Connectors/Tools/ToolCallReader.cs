using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Tools;

/// <summary>Reads a call, or a list of calls, from JSON.</summary>
/// <param name="ids">Gives ids to calls that have none.</param>
/// <param name="known">The names that count; null: any.</param>
internal sealed class ToolCallReader(CallIds ids, IReadOnlySet<string>? known = null)
{
    /// <returns>The calls in order, or null where the text is anything else: then all of it is text.</returns>
    public IReadOnlyList<FunctionCallContent>? Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement[] items = document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray()] : [document.RootElement];
            return items.Length > 0 && Array.TrueForAll(items, IsCall) ? [.. items.Select(Call)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsCall(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
        && known?.Contains(name.GetString()!) != false
        && (known is null || Arguments(item) is not null)
        && (!HasArguments(item) || Arguments(item) is not null);

    private FunctionCallContent Call(JsonElement item)
    {
        string? id = item.TryGetProperty("id", out JsonElement given) && given.ValueKind == JsonValueKind.String && given.GetString()!.Length > 0 ? given.GetString() : null;
        Dictionary<string, object?>? arguments = Arguments(item) is { } found
            ? found.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => (object?)p.Value.Clone())
            : null;
        return new FunctionCallContent(ids.Next(id), item.GetProperty("name").GetString()!, arguments);
    }

    private static bool HasArguments(JsonElement item) => item.TryGetProperty("arguments", out _) || item.TryGetProperty("parameters", out _);

    // Some models write the arguments as a text that holds the object.
    private static JsonElement? Arguments(JsonElement item)
    {
        if (!item.TryGetProperty("arguments", out JsonElement given) && !item.TryGetProperty("parameters", out given))
        {
            return null;
        }

        JsonElement arguments = given.ValueKind == JsonValueKind.String ? JsonElement.Parse(given.GetString()!) : given;
        return arguments.ValueKind == JsonValueKind.Object ? arguments : null;
    }
}
