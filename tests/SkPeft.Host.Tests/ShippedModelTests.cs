using SkPeft.Connectors.Bundles;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary><c>demo</c> and <c>chat</c> without a model: the repository's own, which lies beside these tests as beside the tool.</summary>
public sealed class ShippedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo_ShowsFourSkills_OfDifferentMethods()
    {
        RequireModel();

        ToolRun run = await ToolRun.OfAsync("demo");

        run.Code.ShouldBe(0, run.Error);
        string[][] cells = DemoRows.Of(run.Out);
        Dictionary<string, string> methods = cells.Where(c => c[2].EndsWith("@1", StringComparison.Ordinal)).DistinctBy(c => c[1]).ToDictionary(c => c[1], c => c[3]);
        methods.Keys.ShouldBe(["describe", "sentiment", "topic", "family"]);
        methods["sentiment"].ShouldBe("SKPEFT_IAPT");
        methods["topic"].ShouldBe("LORA");
        methods["family"].ShouldBeOneOf("PROMPT_TUNING", "SKPEFT_ACCEPT");
        methods["describe"].ShouldBeOneOf("PREFIX_TUNING", "LORA");
        run.Out.ShouldContain("[the bare model]");
        run.Out.ShouldContain("was unloaded");
    }

    [Fact]
    public async Task Demo_AnswersItsExamples_AsAReaderWould()
    {
        RequireModel();

        ToolRun run = await ToolRun.OfAsync("demo");

        run.Code.ShouldBe(0, run.Error);
        string[] lines = run.Out.Split('\n');
        string Answer(string question) => lines[Array.FindIndex(lines, l => l.Contains(question, StringComparison.Ordinal)) + 1];
        Answer("a warm , funny").ShouldContain("positive");
        Answer("dull , predictable").ShouldContain("negative");
        Answer("The striker scored").ShouldContain("Sports");
        Answer("Shares fell").ShouldContain("Business");
        Answer("The Eagle is a family").ShouldContain("yes");
        Answer("The Mill is a restaurant").ShouldContain("no");
        Answer("name[The Eagle]").ShouldContain("The Eagle");
    }

    [Fact]
    public async Task Chat_WithoutAModel_OffersTheFourSkills()
    {
        RequireModel();

        ToolRun run = await ToolRun.TalkAsync("a warm , funny film\n/skill topic\nThe team won the cup.\n/exit\n", "chat");

        run.ShouldSatisfyAllConditions(() => run.Code.ShouldBe(0), () => run.Error.ShouldBeEmpty());
        run.Out.ShouldContain("/skill describe, /skill sentiment, /skill topic, /skill family");
        run.Out.ShouldContain("answered by sentiment@1: SKPEFT_IAPT");
        run.Out.ShouldContain("answered by topic@1: LORA");
    }

    [Fact]
    public async Task Chat_WithAStoreOfTheUsersOwn_PutsTheSkillsThere()
    {
        RequireModel();
        string store = _folder.PathOf("store");

        ToolRun run = await ToolRun.TalkAsync("/adapter\n/exit\n", "chat", "--store", store);

        run.Code.ShouldBe(0, run.Error);
        run.Out.ShouldContain("family@1");
        Directory.Exists(store).ShouldBeTrue();
    }

    private static void RequireModel() =>
        Assert.SkipUnless(Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny"), "*.gguf").Any(),
            $"models/skpeft-tiny has no model: models/skpeft-tiny/recipe/make.sh makes it ({ModelBundle.ShippedFolder} is where the tool looks).");
}
