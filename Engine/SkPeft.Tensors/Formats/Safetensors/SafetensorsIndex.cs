using System.Text.Json;

namespace SkPeft.Tensors.Formats;

/// <summary><c>model.safetensors.index.json</c>: <c>weight_map</c> says which shard holds which tensor.</summary>
internal sealed class SafetensorsIndex
{
    private readonly string _path;
    private readonly Dictionary<string, string> _shardOf;

    private SafetensorsIndex(string path, Dictionary<string, string> shardOf) => (_path, _shardOf) = (path, shardOf);

    public IEnumerable<string> Shards => _shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public static SafetensorsIndex Read(string path)
    {
        using JsonDocument document = JsonFile.Read(path);
        if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            string found = map.ValueKind == JsonValueKind.Undefined ? "nothing" : $"{map.ValueKind}";
            throw new FileFormatException(path, "weight_map", found, "an object: tensor → file");
        }

        Dictionary<string, string> shardOf = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            shardOf.Add(entry.Name, PlainFileName(path, entry.Name, entry.Value));
        }

        return shardOf.Count > 0
            ? new SafetensorsIndex(path, shardOf)
            : throw new FileFormatException(path, "weight_map", "an empty object", "at least one tensor");
    }

    /// <summary>Every tensor of the map must be in the shard that it names.</summary>
    public void RequireAll(Dictionary<string, StoredTensor> tensors)
    {
        foreach ((string name, string shard) in _shardOf)
        {
            string? found = tensors.TryGetValue(name, out StoredTensor? tensor) ? Path.GetFileName(tensor.File) : null;
            if (found != shard)
            {
                string where = found is null ? $"no such tensor in '{shard}'" : $"the tensor in '{found}'";
                throw new FileFormatException(_path, $"weight_map '{name}'", where, $"the tensor in '{shard}'");
            }
        }
    }

    // A name with a folder in it could read any file of the machine.
    private static string PlainFileName(string path, string tensor, JsonElement value)
    {
        string field = $"weight_map '{tensor}'";
        string shard = JsonFile.StringOf(path, field, value);
        bool plain = shard.Length is > 0 and <= 255 && shard is not ("." or "..") && shard.IndexOfAny(['/', '\\', ':', '\0']) < 0;
        return plain ? shard : throw new FileFormatException(path, field, $"'{shard}'", "a plain file name in the same folder");
    }
}
