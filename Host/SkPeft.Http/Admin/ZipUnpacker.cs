using System.IO.Compression;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Admin;

/// <summary>
/// Unpacks a zip from a stranger: no file outside of the folder, no link, no more bytes than allowed. Sizes are counted as they come out;
/// what the zip's own directory says of them is not believed.
/// </summary>
/// <param name="mostBytes">Bytes that all files together may have.</param>
internal sealed class ZipUnpacker(long mostBytes)
{
    private const string Configuration = "adapter_config.json";
    private const int MostEntries = 1000;
    private const int MostNameLength = 240;
    private const int UnixTypeMask = 0xF000;
    private const int UnixFile = 0x8000;
    private const int UnixFolder = 0x4000;

    private long _unpacked;

    /// <summary>Unpacks into a new folder.</summary>
    /// <returns>The folder that has the files: where all lie in one folder of the zip, that one.</returns>
    /// <exception cref="ApiException">The zip is malformed, hostile or too large: 400 or 413.</exception>
    public string Unpack(string zip, string folder, CancellationToken cancellation)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(zip);
            if (archive.Entries.Count > MostEntries)
            {
                throw Bad($"it has {archive.Entries.Count} entries, expected at most {MostEntries}");
            }

            Directory.CreateDirectory(folder);
            HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                Unpack(entry, folder, seen, cancellation);
            }
        }
        catch (InvalidDataException e)
        {
            throw Bad(e.Message.TrimEnd('.'));
        }

        RequireOne(folder);
        string[] inside = Directory.GetFileSystemEntries(folder);
        return inside.Length == 1 && Directory.Exists(inside[0]) ? inside[0] : folder;
    }

    // PEFT saves several adapters of one model beside each other; only one of them would become the version.
    private static void RequireOne(string folder)
    {
        string[] configurations = [.. Directory.EnumerateFiles(folder, Configuration, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
        if (configurations.Length > 1)
        {
            throw Bad($"it has {configurations.Length} adapters ({Shown(string.Join(", ", configurations))}), expected one: send each folder as a zip of its own");
        }
    }

    private void Unpack(ZipArchiveEntry entry, string folder, HashSet<string> seen, CancellationToken cancellation)
    {
        string name = entry.FullName;
        RequireName(name);
        int type = (entry.ExternalAttributes >> 16) & UnixTypeMask;
        if (type is not (0 or UnixFile or UnixFolder))
        {
            throw Bad($"'{Shown(name)}' is a link or a device, expected files only");
        }

        if (name.EndsWith('/'))
        {
            return;
        }

        if (!seen.Add(name))
        {
            throw Bad($"'{Shown(name)}' is in it twice");
        }

        // A file where another entry needs a folder, or the other way round.
        string path = Path.GetFullPath(Path.Combine(folder, name));
        if (Directory.Exists(path) || Parents(name).Any(seen.Contains))
        {
            throw Bad($"'{Shown(name)}' is a file and a folder");
        }

        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Bad($"'{Shown(name)}' would lie outside of the module's folder");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Stream source = entry.Open();
        using FileStream target = new(path, FileMode.CreateNew);
        if (Copy(source, target, cancellation) != entry.Crc32)
        {
            throw Bad($"'{Shown(name)}' is damaged: its checksum is not the one that the zip says");
        }
    }

    private static void RequireName(string name)
    {
        string[] parts = name.TrimEnd('/').Split('/');
        if (name.Length is 0 or > MostNameLength || name.AsSpan().ContainsAny('\\', ':') || name.Any(char.IsControl) || parts.Any(p => p is "" or "." or ".."))
        {
            throw Bad($"'{Shown(name)}' is not the name of a file inside a folder");
        }
    }

    // The library counts by the zip's word and compares nothing.
    private uint Copy(Stream source, FileStream target, CancellationToken cancellation)
    {
        Crc32 checksum = Crc32.Start();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            _unpacked += read;
            if (_unpacked > mostBytes)
            {
                throw new ApiException(413, "invalid_request_error", $"The zip unpacks to more than {mostBytes} bytes (MaxUnpackedBytes). Send the two files of the adapter only.") { Code = "zip_too_large" };
            }

            checksum.Add(buffer.AsSpan(0, read));
            target.Write(buffer, 0, read);
        }

        return checksum.Value;
    }

    private static IEnumerable<string> Parents(string name)
    {
        for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            yield return name[..slash];
        }
    }

    private static string Shown(string name) => name.Length <= 100 ? name : $"{name[..100]}…";

    private static ApiException Bad(string what) => ApiException.BadRequest(null, $"The zip is not accepted: {what}.", "bad_zip");
}
