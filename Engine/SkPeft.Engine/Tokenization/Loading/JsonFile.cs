using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Opens JSON files, and turns whatever can go wrong into one kind of error.</summary>
internal sealed class JsonFile : IDisposable
{
    private const long MaximumBytes = 1L << 29;
    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        _document = document;
        Root = new JsonPart(path, "", document.RootElement);
    }

    public JsonPart Root { get; }

    public static JsonFile Open(string path)
    {
        byte[] bytes = ReadBytes(path);
        ReadOnlyMemory<byte> content = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        if (!Utf8.IsValid(content.Span))
        {
            throw new FileFormatException(path, "encoding", "bytes that are no UTF-8", "UTF-8");
        }

        try
        {
            return new JsonFile(path, JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 64 }));
        }
        catch (JsonException e)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            throw new FileFormatException(path, place, "broken or too deeply nested JSON", "a JSON document", e);
        }
    }

    /// <summary>A small text file.</summary>
    public static string ReadText(string path)
    {
        byte[] bytes = ReadBytes(path);
        return Utf8.IsValid(bytes)
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new FileFormatException(path, "encoding", "bytes that are no UTF-8", "UTF-8");
    }

    public void Dispose() => _document.Dispose();

    private static byte[] ReadBytes(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaximumBytes
                ? File.ReadAllBytes(path)
                : throw new FileFormatException(path, "size", $"{length} bytes", $"at most {MaximumBytes}");
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }
}
