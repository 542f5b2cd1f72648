namespace SkPeft.Adapters.Store.Tests;

/// <summary>Several processes, one store.</summary>
public sealed class SharingTests : StoreTest
{
    private const int Processes = 4, Turns = 12;

    [Fact]
    public async Task Processes_AddingPromotingRemovingCollecting_LoseNothing()
    {
        string[][] scripts = [.. Enumerable.Range(0, Processes).Select(Script)];
        StoreProcess[] processes = [.. scripts.Select(_ => StoreProcess.Start(At("store")))];
        try
        {
            await Task.WhenAll(processes.Select(p => p.Ready()));
            await Task.WhenAll(processes.Select((p, i) => p.Send(scripts[i])));
            Array.ForEach(processes, p => p.CloseInput());
            List<string>[] answers = await Task.WhenAll(processes.Select(p => p.Rest()));

            for (int i = 0; i < Processes; i++)
            {
                answers[i].Count.ShouldBe(scripts[i].Length);
                for (int j = 0; j < scripts[i].Length; j++)
                {
                    answers[i][j].ShouldStartWith("ok", Case.Sensitive, scripts[i][j]);
                }
            }

            // Everyone's additions to the shared name got numbers of their own, without gaps; every promotion is in the history.
            int[] numbers = [.. answers.SelectMany(a => a).Where(a => a.StartsWith("ok shared@") && a.EndsWith("new"))
                .Select(a => int.Parse(a.Split(' ')[1].Split('@')[1])).Order()];
            numbers.ShouldBe(Enumerable.Range(1, Processes * Turns));
            Store.List().Count(l => l.Version.Name == "shared").ShouldBe(Processes * Turns);
            int flips = answers.SelectMany(a => a).Count(a => a.Contains('>') && a.Split(' ')[1].Split('>') is [var from, var to] && from != to);
            Store.Show("shared@prod").Aliases.Single(a => a.Alias == "prod").Earlier.Count.ShouldBe(flips - 1);
            Store.Verify().IsSound.ShouldBeTrue();
            Store.Collect().Kept.ShouldBeEmpty();
            Directory.GetFiles(At("store", "staging")).ShouldBeEmpty();
            Blobs().Length.ShouldBe((Processes * Turns) + 1);
        }
        finally
        {
            foreach (StoreProcess process in processes)
            {
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>Shared content under one name, and content of its own that comes and goes under another.</summary>
    private string[] Script(int process) =>
    [
        .. Enumerable.Range(0, Turns).SelectMany(turn => (string[])
        [
            $"add shared {Sample((1000 * process) + turn + 1)}",
            "promote shared@latest prod",
            $"add own-{process} {Sample((1000 * process) + turn + 501)}",
            "gc",
            "list",
            $"remove own-{process}@{turn + 1}",
            "gc",
        ]),
        "verify",
    ];

    [Fact]
    public async Task Hold_InAnotherProcess_KeepsTheVersionUntilThatProcessDies()
    {
        Add("a", 1);
        Add("a", 2);
        await using StoreProcess other = StoreProcess.Start(At("store"));
        await other.Ready();
        (await other.Run("hold a@1")).ShouldBe($"ok a@1 {Store.Resolve("a@1").Digest}");

        Should.Throw<StoreException>(() => Store.Remove("a@1")).Message.ShouldContain("in use");
        Store.Remove("a@2");
        Store.Collect().Blobs.ShouldBe(1);
        (await other.Run("hold a@1")).ShouldNotBeNull().ShouldStartWith("ok");
        (await other.Run("remove a@1")).ShouldNotBeNull().ShouldStartWith("refused store");

        await other.Kill();
        Store.Remove("a@1").Number.ShouldBe(1);
        Store.Collect().Blobs.ShouldBe(2);
    }

    [Fact]
    public async Task Hold_Here_IsRespectedThere()
    {
        Add("a", 1);
        await using StoreProcess other = StoreProcess.Start(At("store"));
        await other.Ready();
        using (Store.Hold("a"))
        {
            (await other.Run("remove a@1")).ShouldNotBeNull().ShouldContain("in use");
        }

        (await other.Run("remove a@1")).ShouldBe("ok a@1");
        Should.Throw<AdapterNotFoundException>(() => Store.Hold("a"));
    }

    [Fact]
    public async Task Collect_WhileAnAdditionIsUnderWay_LeavesItsFilesAlone()
    {
        Add("a", 1);
        var paths = new StorePaths(At("store"));
        using (Staging staging = Staging.Begin(paths, new StoreDisk(), new Patience(TimeProvider.System, At("store"), "test", default)))
        {
            staging.Take(new FolderFile("x", Path.Combine(Sample(2), "adapter_model.safetensors")), default);
            await using StoreProcess other = StoreProcess.Start(At("store"));
            await other.Ready();
            (await other.Run("gc")).ShouldBe("ok 1");
            Directory.GetFiles(At("store", "staging")).Length.ShouldBe(1);
        }

        Directory.GetFiles(At("store", "staging")).ShouldBeEmpty();
    }
}
