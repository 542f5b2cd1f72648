using SkPeft.Adapters.Store;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

public sealed class ClosedLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_TheBetterVersionIsPromotedAndTheWorseIsNot_WhileRequestsRun()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        string train = _folder.Write("train.jsonl", Lines(40)), held = _folder.Write("held.jsonl", Lines(12));

        (int exit, string output, string error) = await SampleProgram.RunAsync(
            "ClosedLoop", ["--Model", _folder.PathOf("model"), "--Store", _folder.PathOf("store"), "--Train", train, "--HeldOut", held, "--Labels", "a,b", "--Steps", "40"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldContain("first version");
        output.ShouldContain("against", Case.Sensitive);
        output.ShouldContain("the bare base");
        output.ShouldContain("sentiment@1");
        output.ShouldContain("not promoted, and nothing was changed");
        output.ShouldContain("serving:  sentiment@2");
        output.ShouldContain("none failed");
        AdapterStore store = AdapterStore.Open(_folder.PathOf("store"));
        store.Resolve("sentiment@prod").Number.ShouldBe(2);
        store.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sample_WithoutAModel_SaysWhatToDo()
    {
        (int exit, _, string error) = await SampleProgram.RunAsync("ClosedLoop", []);

        exit.ShouldBe(1);
        error.ShouldContain("--Model MODEL --Store FOLDER");
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
        $"{{\"text\": \"{new string(i % 2 == 0 ? 'p' : 'q', 2 + (i % 7))}\", \"label\": \"{(i % 2 == 0 ? "a" : "b")}\"}}\n"));
}
