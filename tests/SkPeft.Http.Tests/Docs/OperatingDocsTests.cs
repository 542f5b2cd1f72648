using System.Diagnostics.Metrics;
using System.Net;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Scheduling;
using SkPeft.Testing;

namespace SkPeft.Http.Tests.Docs;

/// <summary>docs/operating.md says what the code says. SKPEFT_WRITE_DOCS=1 writes the tables anew.</summary>
public sealed class OperatingDocsTests(SharedServer shared)
{
    private static readonly string s_file = Path.Combine(SharedFolder.RepositoryRoot, "docs", "operating.md");

    [Fact]
    public void TheSettings_AreThoseOfTheClasses()
    {
        Compare("settings-model", SettingsReference.Of(typeof(SkPeftSettings), new SkPeftSettings { Model = "", Store = "" }));
        Compare("settings-skill", SettingsReference.Of(typeof(SkillDefinition), new SkillDefinition { Name = "", Adapter = "" }, nameof(SkillDefinition.Key)));
        Compare("settings-http", SettingsReference.Of(typeof(HttpSettings), new HttpSettings()));
    }

    [Fact]
    public async Task TheInstruments_AreThoseOfTheMeters()
    {
        // Some meters are made with their first answer.
        (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).ShouldBe(HttpStatusCode.OK);
        HashSet<string> rows = new(StringComparer.Ordinal);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name is "SkPeft.Engine" or "SkPeft.Chat" or "SkPeft.Http" or "SkPeft.Runtime" or "SkPeft.Adapters")
            {
                string kind = instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);
                rows.Add($"| `{instrument.Name}` | {instrument.Meter.Name} | {kind} | {instrument.Unit} | {instrument.Description} |\n");
            }
        };
        listener.Start();

        Compare("metrics", $"| instrument | meter | kind | unit | |\n|---|---|---|---|---|\n{string.Concat(rows.Order(StringComparer.Ordinal))}");
    }

    [Fact]
    public void APage_HasTheBytesThatTheFormulaSays()
    {
        ModelSizes sizes = shared.Server.Served.Runtime.Model.Shape.Sizes;
        long padded = (sizes.HeadDim + 15) / 16 * 16;
        EngineStatistics statistics = shared.Server.Served.Runtime.Model.Engine.Statistics;

        statistics.PageBytes.ShouldBe(16 * 2 * sizes.Layers * sizes.KeyValueHeads * padded * 4);
        File.ReadAllText(s_file).ShouldContain($"`skpeft-tiny`: {sizes.Layers} layers, {sizes.KeyValueHeads} key/value heads of {sizes.HeadDim}: {statistics.PageBytes / 16} bytes a position");
    }

    private static void Compare(string name, string expected)
    {
        string text = File.ReadAllText(s_file);
        string begin = $"<!-- generated: {name} -->\n", end = "<!-- end -->";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = text.IndexOf(end, from, StringComparison.Ordinal);
        from.ShouldBeGreaterThan(begin.Length, name);
        if (Environment.GetEnvironmentVariable("SKPEFT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(s_file, text[..from] + expected + text[to..]);
            return;
        }

        text[from..to].ShouldBe(expected, $"{s_file} is behind the code: SKPEFT_WRITE_DOCS=1 with this test writes it anew.");
    }
}
