using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SkPeft.Host.Inputs;

/// <summary>A file of settings as appsettings has them.</summary>
internal static class SettingsFile
{
    /// <param name="file">The file.</param>
    /// <param name="shape">What it should look like, for messages.</param>
    /// <exception cref="FileFormatException">It is no JSON object, or has a key twice.</exception>
    public static IConfiguration Load(string file, string shape)
    {
        // Read here first: the configuration's own errors name neither file nor line.
        JsonElement root = JsonInput.Read(file);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FileFormatException(file, "content", JsonInput.Describe(root), $"an object: {shape}");
        }

        try
        {
            return new ConfigurationBuilder().AddJsonStream(new MemoryStream(TextFile.ReadUtf8(file).ToArray())).Build();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new FileFormatException(file, "content", e.Message, "settings in which no key occurs twice", e);
        }
    }
}
