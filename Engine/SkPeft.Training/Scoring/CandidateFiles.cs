using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Training.Scoring;

/// <summary>The files of an adapter that is in no store yet.</summary>
internal static class CandidateFiles
{
    private static readonly string[] s_names = ["adapter_config.json", "adapter_model.safetensors"];

    /// <summary>Finds and hashes them.</summary>
    /// <exception cref="FileAccessException">One is missing.</exception>
    public static AdapterFiles Of(string folder)
    {
        string lines = string.Concat(s_names.Select(n => $"{Digest(Path.Combine(folder, n))}  {n}\n"));
        return new AdapterFiles(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))), Path.Combine(folder, s_names[0]), Path.Combine(folder, s_names[1]), null);
    }

    /// <summary>Hands out a folder with these files alone: training states and curves do not belong into a store.</summary>
    public static T Stage<T>(string folder, Func<string, T> use)
    {
        string staged = Directory.CreateTempSubdirectory("skpeft-add-").FullName;
        try
        {
            foreach (string name in s_names)
            {
                File.Copy(Path.Combine(folder, name), Path.Combine(staged, name));
            }

            return use(staged);
        }
        finally
        {
            Directory.Delete(staged, recursive: true);
        }
    }

    private static string Digest(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(path, $"the file cannot be read ({e.Message})", "Name a folder that an adapter was trained into.", e);
        }
    }
}
