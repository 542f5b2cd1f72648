using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Bundles;

/// <summary>
/// Reads <c>skills.json</c>: <c>Model</c>, and <c>Skills</c> as in appsettings, where <c>Adapter</c> is a folder and <c>Examples</c> are inputs.
/// Paths are relative to the file.
/// </summary>
internal static class BundleReader
{
    private const string Root = "Bundle";

    public static (string Model, IReadOnlyList<BundledSkill> Skills) Read(string file, string hint)
    {
        List<string> problems = [];
        SectionReader reader = new(Load(file, hint).GetSection(Root), problems);
        string folder = Path.GetDirectoryName(file)!;
        string model = reader.Required("Model", "the model's file beside this one");
        IReadOnlyList<BundledSkill> skills = [.. reader.Sections("Skills").Select(s => Skill(s, folder))];
        reader.RefuseUnknown();
        if (skills.Count == 0)
        {
            reader.Problem("Skills", "nothing is given, expected a list of skills.");
        }

        problems.AddRange(SkillMap.Check([.. skills.Select(s => s.Definition)], allowBase: false).Problems);
        return problems.Count == 0
            ? (Path.GetFullPath(model, folder), skills)
            : throw new ConfigurationException([.. problems.Select(p => $"{file}: {p[(Root.Length + 1)..]}")]);
    }

    private static BundledSkill Skill(SectionReader reader, string folder)
    {
        IReadOnlyList<string> examples = reader.Texts(nameof(BundledSkill.Examples)) ?? [];
        string adapter = reader.Required(nameof(SkillDefinition.Adapter), "the folder of its adapter");
        SkillDefinition skill = SkillReader.Read(reader);
        return new BundledSkill(skill with { Adapter = $"{skill.Name}@{ModelBundle.Alias}" }, Path.GetFullPath(adapter, folder), examples);
    }

    private static IConfiguration Load(string file, string hint)
    {
        try
        {
            // Under a key, because sections have names; behind the byte order mark, where the file has one.
            ReadOnlySpan<byte> content = File.ReadAllBytes(file);
            content = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
            using MemoryStream whole = new([.. "{\"Bundle\":"u8, .. content, .. "}"u8]);
            return new ConfigurationBuilder().AddJsonStream(whole).Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "this file is not there" : e.Message;
            throw new FileAccessException(file, reason, hint, e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException)
        {
            throw new FileFormatException(file, e is JsonException { LineNumber: { } line } ? $"line {line + 1}" : "content", e.Message, "one JSON object in which no key occurs twice", e);
        }
    }
}
