using System.Reflection;
using System.Security.Cryptography;

namespace SkPeft.Http.Page;

/// <summary>A file of the page, from this assembly.</summary>
/// <param name="ContentType">Its type.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Tag">Tells a browser whether it has this content already.</param>
internal sealed record PageFile(string ContentType, byte[] Bytes, string Tag);

/// <summary>The files of the page, by path. They are part of the assembly, so that the page is what this version of the server was built with.</summary>
internal static class PageFiles
{
    /// <summary>The folder that the page's files beside the document are served from.</summary>
    public const string Folder = "/page/";

    private const string Prefix = "page/";
    private const string Document = "index.html";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>The files: the document as <c>/</c>, the others beneath <see cref="Folder"/>.</summary>
    public static IReadOnlyDictionary<string, PageFile> All { get; } = Read();

    private static Dictionary<string, PageFile> Read()
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        Dictionary<string, PageFile> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string name = resource[Prefix.Length..].Replace('\\', '/');
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
            files[name == Document ? "/" : Folder + name] = new PageFile(s_types[Path.GetExtension(name)], bytes, tag);
        }

        return files;
    }
}
