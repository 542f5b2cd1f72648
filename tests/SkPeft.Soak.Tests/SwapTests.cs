using System.Collections.Concurrent;
using System.Diagnostics;
using SkPeft.Plugins;

namespace SkPeft.Soak.Tests;

/// <summary>
/// Aliases flip and plugins are replaced while 32 streams run: no request fails, each is answered by the version that it was admitted with, and its
/// receipt says so.
/// </summary>
[Collection(Workshop.Collection)]
public sealed class SwapTests
{
    private const int Streams = 32;

    // What may grow while nothing leaks: the runtime's own tables, pools that fill up.
    private const long Slack = 96L << 20;

    [Fact]
    public async Task FlipsAndReloads_UnderLoad_LoseNothing_AndMemoryStaysFlat()
    {
        int flips = SoakTime.Part(10_000), reloads = SoakTime.Part(200);
        ConcurrentQueue<PluginEvent> events = new();
        using Workshop workshop = new(events.Enqueue);
        await workshop.LearnAsync();
        using CancellationTokenSource stop = new();
        ConcurrentDictionary<ProdAnswer, long> answered = new();
        Task[] streams = [.. Enumerable.Range(0, Streams).Select(i => Task.Run(async () =>
        {
            Random random = new(i);
            while (!stop.IsCancellationRequested)
            {
                ProdAnswer answer = await workshop.AskProdAsync(Workshop.Names[random.Next(Workshop.Names.Count)], random.Next(Workshop.Prompts));
                answered.AddOrUpdate(answer, 1, (_, n) => n + 1);
            }
        }))];

        Task flipping = Task.Run(() => Flip(workshop, flips, streams), TestContext.Current.CancellationToken);
        Task reloading = Task.Run(() => Reload(workshop, reloads, streams), TestContext.Current.CancellationToken);
        long begun = Stopwatch.GetTimestamp();
        long middle = 0;
        while (!flipping.IsCompleted || !reloading.IsCompleted || Stopwatch.GetElapsedTime(begun) < SoakTime.Total)
        {
            await Task.WhenAny([Task.Delay(200, TestContext.Current.CancellationToken), .. streams]);
            if (Array.Find(streams, s => s.IsFaulted) is { } failed)
            {
                await failed;
            }

            middle = middle == 0 && Stopwatch.GetElapsedTime(begun) > SoakTime.Total / 3 ? Memory() : middle;
        }

        await Task.WhenAll(flipping, reloading);
        await stop.CancelAsync();
        await Task.WhenAll(streams);
        long end = Memory();

        TestContext.Current.SendDiagnosticMessage($"{answered.Values.Sum()} answers, {flips} flips, {reloads} reloads; memory {middle >> 20} MiB after a third, {end >> 20} MiB at the end");
        answered.Keys.Where(a => a.IsSure).Select(a => a.Reference).Order().ShouldBe(Workshop.References.Order(), "every version was asked while the alias named no other");
        end.ShouldBeLessThan(middle + Slack);
        events.Count(e => e.Kind == PluginEventKind.Reloaded).ShouldBe(reloads);
        events.Where(e => e.Kind == PluginEventKind.Refused).ShouldBeEmpty();
        workshop.Residency.ReleaseStale();
        await UntilAsync(() => events.Count(e => e.Kind == PluginEventKind.Unloaded) == reloads, () => $"{events.Count(e => e.Kind == PluginEventKind.Unloaded)} of {reloads} replaced generations were seen dead");
    }

    // Spread over the time that there is, so that requests meet every state.
    private static IEnumerable<int> Spread(int count, Task[] streams)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < count && !Array.Exists(streams, s => s.IsFaulted); i++)
        {
            while (Stopwatch.GetElapsedTime(begun) < SoakTime.Total * ((double)i / count))
            {
                Thread.Sleep(1);
            }

            yield return i;
        }
    }

    private static void Flip(Workshop workshop, int flips, Task[] streams)
    {
        foreach (int i in Spread(flips, streams))
        {
            string name = Workshop.Names[i % Workshop.Names.Count];
            workshop.Promote(name, i / Workshop.Names.Count % 2 == 0 ? 2 : 1);
        }
    }

    private static void Reload(Workshop workshop, int reloads, Task[] streams)
    {
        string[] used = [.. workshop.Plugins.List().Where(p => p.Methods.Any(m => m.PeftType is "LORA" or "PREFIX_TUNING" or "PROMPT_TUNING" or "SKPEFT_IAPT")).Select(p => p.Name)];
        foreach (int i in Spread(reloads, streams))
        {
            workshop.Plugins.Reload(used[i % used.Length]);
            workshop.Residency.ReleaseStale();
        }
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static async Task UntilAsync(Func<bool> holds, Func<string> what)
    {
        for (int i = 0; i < 200 && !holds(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100);
        }

        holds().ShouldBeTrue(what());
    }
}
