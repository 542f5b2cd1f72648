using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

public sealed class ClosedLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_OnAModelOfTheUsersOwn_PutsAFirstVersionIntoProduction_AndBeatsIt()
    {
        TinyLlama.Write(_folder.PathOf("model"));

        (int exit, string output, string error) = await SampleProgram.RunAsync(
            "ClosedLoop", ["--Model", _folder.PathOf("model"), "--Store", _folder.PathOf("store"), "--Steps", "20"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldContain("first version: loss");
        output.ShouldContain("better version: loss");
        output.ShouldContain("worse version: loss");
        output.ShouldContain("none failed");
    }

    [Fact]
    public async Task Sample_OnTheShippedModel_BeatsTheShippedAdapterOnItsOwnLines_AndRefusesTheWorse()
    {
        ShippedModel.Require();

        (int exit, string output, string error) = await SampleProgram.RunAsync("ClosedLoop", ["--Steps", "20"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldNotContain("first version");
        output.ShouldContain("serving:  sentiment@2");
        output.ShouldContain("none failed");
    }

    [Fact]
    public async Task Sample_AModelWithoutAStore_SaysWhatToDo()
    {
        (int exit, _, string error) = await SampleProgram.RunAsync("ClosedLoop", ["--Model", "m"]);

        exit.ShouldBe(1);
        error.ShouldContain("--Model MODEL --Store FOLDER");
    }
}
