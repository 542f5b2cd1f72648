namespace SkPeft.Plugins.Tests;

/// <summary>LoRA's own assembly, and a later version of it with twice the effect, replacing each other under the real engine while texts are generated.</summary>
public class LoraReloadsTests
{
    private const string Lora = "SkPeft.Peft.Lora";
    private const int Reloads = 200;

    [Fact]
    public async Task TwoHundredReloads_WhileTextsAreGenerated_FailNone_AndEveryTextIsThatOfTheVersionItBeganWith()
    {
        using PluginSandbox sandbox = new();
        sandbox.PutFile(TestPlugins.ShippedPathOf(Lora));
        EventLog log = new();
        using LoraWorkshop workshop = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        IAdapterLoader loader = workshop.Loader(catalog);
        string quiet = workshop.Expected(alpha: 2);
        string loud = workshop.Expected(alpha: 4);
        loud.ShouldNotBe(quiet);

        using CancellationTokenSource stop = new();
        int texts = 0;
        int ofBoth = 0;
        async Task WorkAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                (PluginIdentity plugin, string answer) = await workshop.AnswerAsync(loader);
                bool later = plugin.Version.StartsWith("99.", StringComparison.Ordinal);
                answer.ShouldBe(later ? loud : quiet);
                Interlocked.Or(ref ofBoth, later ? 2 : 1);
                Interlocked.Increment(ref texts);
            }
        }

        Task[] workers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(WorkAsync, TestContext.Current.CancellationToken))];
        for (int i = 1; i <= Reloads; i++)
        {
            bool later = i % 2 == 1;
            int seen = Volatile.Read(ref texts);
            sandbox.PutFile(later ? TestPlugins.PathOf("TestPlugin.Lora.V2") : TestPlugins.ShippedPathOf(Lora));
            catalog.Refresh();
            (await workshop.AnswerAsync(loader)).Answer.ShouldBe(later ? loud : quiet);
            await EventLog.Until(
                () => Volatile.Read(ref texts) > seen || Array.Exists(workers, w => w.IsFaulted), () => "texts are generated between reloads");
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        ofBoth.ShouldBe(3);
        await log.WaitFor(PluginEventKind.Unloaded, Reloads);
        log.All.Where(e => e.IsWarning).Select(e => e.Message).ShouldBeEmpty();
        log.Of(PluginEventKind.Reloaded).Count.ShouldBe(Reloads);
        Using.Contexts(Lora).ShouldBe(1);
    }

    [Fact]
    public async Task Reload_InTheMiddleOfAnAnswer_TheAnswerEndsOnTheOldVersion_AndTheOldOneLeavesMemoryThen()
    {
        using PluginSandbox sandbox = new();
        sandbox.PutFile(TestPlugins.ShippedPathOf(Lora));
        EventLog log = new();
        using LoraWorkshop workshop = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);
        IAdapterLoader loader = workshop.Loader(catalog);

        (await AnswerWithAReloadInTheMiddle()).ShouldBe(workshop.Expected(alpha: 2));
        (await workshop.AnswerAsync(loader)).Answer.ShouldBe(workshop.Expected(alpha: 4));
        (await log.WaitFor(PluginEventKind.Unloaded)).Identity!.Generation.ShouldBe(1);

        async Task<string> AnswerWithAReloadInTheMiddle()
        {
            using ILoadedAdapter adapter = await workshop.LoadAsync(loader);
            List<int> answer = [];
            await foreach (int token in workshop.TokensAsync(adapter))
            {
                answer.Add(token);
                if (answer.Count == 2)
                {
                    sandbox.PutFile(TestPlugins.PathOf("TestPlugin.Lora.V2"));
                    catalog.Refresh();
                    loader.IsCurrent(adapter).ShouldBeFalse();
                    PluginInfo old = catalog.List().Single(p => p.Generation == 1);
                    old.Status.ShouldBe(PluginStatus.Draining);
                    old.Reason.ShouldNotBeNull().ShouldContain("adapter 'workshop@1'");
                }
            }

            return string.Join(' ', answer);
        }
    }
}
