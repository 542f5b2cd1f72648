using System.Text.Json;
using SkPeft.Http.Errors;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Keys;

/// <summary>
/// Reads <c>{ "keys": [ { "name", "sha256", "models", "requests_per_minute", "min_priority", "admin" } ] }</c>. Keys are stored hashed only: a plain SHA-256
/// is enough for keys that are long and random, which docs/http.md shows how to make.
/// </summary>
internal static class KeyFile
{
    private const string Hint = "Make it as docs/http.md says, or leave KeyFile out.";

    /// <exception cref="FileAccessException">It cannot be read.</exception>
    /// <exception cref="FileFormatException">It is not a key file.</exception>
    public static IReadOnlyList<ApiKey> Read(string path, TimeProvider time)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(path, e is FileNotFoundException or DirectoryNotFoundException ? "this file is not there" : e.Message, Hint, e);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Keys(new ObjectReader(document.RootElement), path, time);
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, "content", e.Message, "{ \"keys\": [ { \"name\": …, \"sha256\": … } ] }", e);
        }
        catch (ApiException e)
        {
            throw new FileFormatException(path, e.Param is { Length: > 0 } param ? param : "content", e.Message, "a key file as in docs/http.md", e);
        }
    }

    private static List<ApiKey> Keys(ObjectReader root, string path, TimeProvider time)
    {
        List<ApiKey> keys = [];
        foreach ((JsonElement value, string at) in root.List("keys") ?? throw root.Missing("keys", "a list of keys"))
        {
            ApiKey key = Key(new ObjectReader(value, at), path, time);
            if (keys.Exists(k => k.Name == key.Name || k.Hash.AsSpan().SequenceEqual(key.Hash)))
            {
                throw new FileFormatException(path, at, $"'{key.Name}', whose name or key occurs above", "names and keys that differ");
            }

            keys.Add(key);
        }

        root.RefuseOthers();
        return keys.Count > 0 ? keys : throw new FileFormatException(path, "keys", "an empty list", "at least one key: without one nobody could call");
    }

    private static ApiKey Key(ObjectReader reader, string path, TimeProvider time)
    {
        string hash = reader.RequiredText("sha256");
        ApiKey key = new()
        {
            Name = reader.RequiredText("name"),
            Hash = hash.Length == 64 && hash.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(hash)
                : throw new FileFormatException(path, reader.PathOf("sha256"), $"{hash.Length} characters", "64 hexadecimal digits: printf %s \"$KEY\" | sha256sum"),
            Models = reader.Texts("models"),
            Budget = reader.Integer("requests_per_minute", 1, 1_000_000) is { } perMinute ? new RequestBudget(perMinute, time) : null,
            MinPriority = reader.Integer("min_priority", -int.MaxValue, int.MaxValue) ?? 0,
            IsAdmin = reader.Flag("admin") ?? false,
        };
        reader.RefuseOthers();
        return key;
    }
}
