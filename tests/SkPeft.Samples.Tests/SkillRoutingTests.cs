using SkPeft.Adapters.Store;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

public sealed class SkillRoutingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_TwoSkills_AnswerThroughTheirOwnAdapters()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        TinyLlama.WriteLora(_folder.PathOf("one"), seed: 1);
        TinyLlama.WriteLora(_folder.PathOf("two"), seed: 2);
        AdapterStore store = AdapterStore.Open(_folder.PathOf("store"));
        string first = store.Add("sentiment", _folder.PathOf("one"), cancellationToken: TestContext.Current.CancellationToken).Version.Digest;
        string second = store.Add("describe", _folder.PathOf("two"), cancellationToken: TestContext.Current.CancellationToken).Version.Digest;

        (int exit, string output, string error) = await SampleProgram.RunAsync(
            "SkillRouting", ["--SkPeft:Model", _folder.PathOf("model"), "--SkPeft:Store", _folder.PathOf("store"), "--SkPeft:Threads", "1"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldContain($"by sentiment@1 (LORA, {first[..12]}, 4 modules)");
        output.ShouldContain($"by describe@1 (LORA, {second[..12]}, 4 modules)");
        output.ShouldMatch(@"-> (positive|negative)");
        output.ShouldContain("positive: ");
        output.ShouldContain("function 'Restaurant.Describe' belongs to skill 'describe'");
        output.ShouldContain("refused: No rule gives this request an adapter");
    }

    [Fact]
    public async Task Sample_OnTheShippedModel_AnswersThroughItsSkills()
    {
        ShippedModel.Require();

        (int exit, string output, string error) = await SampleProgram.RunAsync("SkillRouting", []);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldContain("-> positive");
        output.ShouldContain("-> The Eagle is");
        output.ShouldContain("  by sentiment@1 (SKPEFT_IAPT");
        output.ShouldContain("by describe@1 (");
    }

    [Fact]
    public async Task Sample_AModelWithoutAStore_SaysWhatIsMissing()
    {
        (int exit, string output, string error) = await SampleProgram.RunAsync("SkillRouting", ["--SkPeft:Model", "m"]);

        exit.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain("SkPeft:Store: nothing is given");
    }
}
