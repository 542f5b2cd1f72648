using System.Text.Json;

namespace SkPeft.Host.Commands.Adapters;

/// <summary>What a promotion or rollback did, printed.</summary>
internal static class AliasFlipResult
{
    public static StoreCommand.Result Of(AliasFlip flip) => new(json => Write(json, flip), console => console.Out.WriteLine(
        flip.From == flip.To ? $"{flip.Name}@{flip.Alias} names version {flip.To} already"
        : flip.From is { } from ? $"{flip.Name}@{flip.Alias} names version {flip.To} now; it named {from}"
        : $"{flip.Name}@{flip.Alias} names version {flip.To} now"));

    private static void Write(Utf8JsonWriter json, AliasFlip flip)
    {
        json.WriteStartObject();
        json.WriteString("name", flip.Name);
        json.WriteString("alias", flip.Alias);
        if (flip.From is { } from)
        {
            json.WriteNumber("from", from);
        }
        else
        {
            json.WriteNull("from");
        }

        json.WriteNumber("to", flip.To);
        json.WriteEndObject();
    }
}
