using SkPeft.Engine.Scheduling;
using SkPeft.PeftPlugins.Tests.Conformance;
using SkPeft.Tensors.Kernels;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>
/// However requests of different methods, and of several together, join, leave, are cut into pieces (of one token too), guess ahead, are set
/// aside, cancelled, and their adapters loaded anew between them: each gives the text that it gives alone, up to a step that rounding may decide.
/// </summary>
public sealed class ScheduleTests
{
    public static TheoryData<int, Precision> Seeds => [.. Enumerable.Range(1, 12).Select(s => (s, Precision.Exact)), .. Enumerable.Range(13, 8).Select(s => (s, Precision.Fast))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnySchedule_GivesTheTextsThatEachRequestGivesAlone(int seed, Precision precision)
    {
        Random random = new(seed);
        using SampleEngine quiet = SampleEngine.With(new SchedulerOptions { PrefixCacheBytes = 0 });
        using SampleEngine busy = SampleEngine.With(Options(random));
        string[] composed = [.. await quiet.CompositionsAsync("AdaLoraSample*0.5")];
        composed.ShouldNotBeEmpty();
        string[] names = ["", .. MethodSamples.Names.Select(n => n.Data).OrderBy(_ => random.Next()).Take(6), .. composed.OrderBy(_ => random.Next()).Take(2)];
        Request[] requests = [.. Enumerable.Range(0, 40).Select(_ => Request.Draw(random, names))];
        IReadOnlyList<(int Id, double Margin)>[] alone = new IReadOnlyList<(int, double)>[requests.Length];
        for (int i = 0; i < requests.Length; i++)
        {
            using ILoadedAdapter? adapter = await quiet.LoadAsync(requests[i].Sample);
            alone[i] = await quiet.GreedyAsync(requests[i].Prompt, requests[i].Tokens, adapter, precision, cancellation: TestContext.Current.CancellationToken);
        }

        Dictionary<string, ILoadedAdapter?> shared = [];
        foreach (string name in names)
        {
            shared[name] = await busy.LoadAsync(name);
        }

        await Task.WhenAll(requests.Select((request, i) => Task.Run(async () =>
        {
            await Task.Delay(request.Delay);
            ILoadedAdapter? own = request.LoadsAnew ? await busy.LoadAsync(request.Sample) : null;
            using CancellationTokenSource cancel = new(request.CancelAfter);
            try
            {
                IReadOnlyList<(int Id, double Margin)> found = await busy.GreedyAsync(request.Prompt, request.Tokens, own ?? shared[request.Sample], precision, request.Lookup, cancel.Token);
                ShouldBeEqual(found, alone[i], Narrow(precision), $"request {i} of '{request.Sample}'");
            }
            catch (OperationCanceledException)
            {
                request.CancelAfter.ShouldNotBe(Timeout.Infinite);
            }
            finally
            {
                own?.Dispose();
            }
        })));
        foreach (ILoadedAdapter? adapter in shared.Values)
        {
            adapter?.Dispose();
        }

        EngineStatistics after = busy.Model.Engine.Statistics;
        (after.Running, after.Waiting).ShouldBe((0, 0));
        after.PagesInUse.ShouldBe(after.CachedPages, "every page belongs to the prefix cache now");
    }

    private static SchedulerOptions Options(Random random)
    {
        long page = new KvPageLayout(MethodSample.Model.Shape.Sizes.Layers, MethodSample.Model.Shape.Sizes.KeyValueHeads, MethodSample.Model.Shape.Sizes.HeadDim).PageBytes;
        return new SchedulerOptions
        {
            MaxRunning = random.Next(1, 9),
            MaxStepTokens = random.Next(3) == 0 ? 1 : random.Next(2, 40),
            StepTarget = TimeSpan.FromMilliseconds(random.Next(1, 20)),
            KeyValueBytes = page * random.Next(12, 60),
            PrefixCacheBytes = page * random.Next(0, 30),
        };
    }

    // Below this the order of sums may decide; in fast also whether factors and inputs were rounded to bytes.
    private static double Narrow(Precision precision) => precision == Precision.Exact ? 1e-3 : 1e-2;

    private static void ShouldBeEqual(IReadOnlyList<(int Id, double Margin)> found, IReadOnlyList<(int Id, double Margin)> expected, double narrow, string because)
    {
        found.Count.ShouldBe(expected.Count, because);
        for (int i = 0; i < expected.Count && expected[i].Margin > narrow; i++)
        {
            found[i].Id.ShouldBe(expected[i].Id, $"{because}, token {i}");
        }
    }

    private sealed record Request(string Sample, int[] Prompt, int Tokens, int Delay, bool LoadsAnew, int CancelAfter, int Lookup)
    {
        public static Request Draw(Random random, string[] names)
        {
            string sample = names[random.Next(names.Length)];

            // Few different texts, so that beginnings are found again.
            return new Request(
                sample, SampleEngine.Text(sample, random.Next(1, 70), random.Next(3)), random.Next(1, 40), random.Next(0, 30), random.Next(2) == 0,
                random.Next(8) == 0 ? random.Next(1, 20) : Timeout.Infinite, random.Next(3) == 0 ? random.Next(1, 8) : 0);
        }
    }
}
