using System.IO.Compression;
using System.Text;

namespace SkPeft.Http.Tests;

/// <summary>Zips for tests, good ones and hostile ones.</summary>
internal static class ZipBytes
{
    public static byte[] Of(params (string Name, byte[] Content)[] files) => Of(archive =>
    {
        foreach ((string name, byte[] content) in files)
        {
            Add(archive, name, content);
        }
    });

    public static byte[] Of(Action<ZipArchive> fill)
    {
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(archive);
        }

        return bytes.ToArray();
    }

    public static ZipArchiveEntry Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        using Stream stream = entry.Open();
        stream.Write(content);
        return entry;
    }

    /// <summary>A folder of a module, as HF PEFT saves it.</summary>
    public static byte[] OfFolder(string folder, string inside = "") => Of(
        [.. Directory.GetFiles(folder, "adapter_*").Select(f => (inside + Path.GetFileName(f), File.ReadAllBytes(f)))]);

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
