using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>However a request ends, its pages come back, and the next request uses them again.</summary>
public sealed class ResourceTests : IDisposable
{
    private readonly SmallEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Completion_ReturnsThePages_AndTheNextRequestUsesThem()
    {
        await _engine.GreedyAsync(SmallEngine.Text(40), 10);
        _engine.Pages.InUse.ShouldBe(0);
        long bytes = _engine.Pages.Bytes;
        bytes.ShouldBe(4 * _engine.Pages.Layout.PageBytes);
        await _engine.GreedyAsync(SmallEngine.Text(40), 10);
        _engine.Pages.Bytes.ShouldBe(bytes);
    }

    [Theory]
    [InlineData(15, 1)]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    public async Task Pages_AreTakenAsTheTextGrows(int prompt, int pages)
    {
        int used = 0;
        await _engine.Engine.VisitLogitsAsync(SmallEngine.Text(prompt), null, 0, (_, _) => used = _engine.Pages.InUse, cancellationToken: TestContext.Current.CancellationToken);
        used.ShouldBe(pages);

        _engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_BetweenTokens_EndsTheRequest_AndReturnsThePages()
    {
        using CancellationTokenSource cancel = new();
        int seen = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (GenerationUpdate _ in _engine.Engine.GenerateAsync(new GenerationRequest { Prompt = [1], MaxTokens = 2000 }, cancel.Token))
            {
                if (++seen == 5)
                {
                    await cancel.CancelAsync();
                }
            }
        });
        seen.ShouldBe(5);
        _engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_BeforeTheStart_RunsNothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(async () => await _engine.Engine.VisitLogitsAsync([1], null, 0, (_, _) => Assert.Fail("ran"), cancellationToken: new CancellationToken(true)));
        _engine.Pages.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_WhileAnotherRequestHoldsTheEngine_DoesNotWaitForIt()
    {
        using ManualResetEventSlim release = new();
        TaskCompletionSource inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task holder = _engine.Engine.VisitLogitsAsync([1], null, 0, (_, _) =>
        {
            inside.SetResult();
            release.Wait();
        }, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        await inside.Task;
        using CancellationTokenSource cancel = new();
        bool ran = false;
        Task waiting = _engine.Engine.VisitLogitsAsync([2], null, 0, (_, _) => ran = true, cancellationToken: cancel.Token).AsTask();
        try
        {
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1)));
            holder.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            release.Set();
        }

        await holder;
        (await _engine.GreedyAsync([3], 2)).Length.ShouldBe(2);
        ran.ShouldBeFalse();
        _engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task AnErrorInTheMiddle_ReturnsThePages()
    {
        int calls = 0;
        using ILoadedAdapter adapter = await _engine.LoadAsync(new TestEffects.Linear(new LinearSite(1, LinearKind.Down), null,
            (_, y) => ++calls == 4 ? throw new FormatException("boom") : y));
        await Should.ThrowAsync<PluginFaultException>(() => _engine.GreedyAsync(SmallEngine.Text(20), 10, adapter));
        calls.ShouldBe(4);
        _engine.Pages.InUse.ShouldBe(0);
        await Should.ThrowAsync<DivideByZeroException>(async () => await _engine.Engine.VisitLogitsAsync([1, 2], null, 0, (_, _) => throw new DivideByZeroException()));
        _engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task LogitsThatAreNoNumbers_FailTheirRequestOnly()
    {
        Tensor nan = new(_engine.Reference.Shape.Sizes.HiddenSize);
        nan.Data[3] = float.NaN;
        using ILoadedAdapter adapter = await _engine.LoadAsync(new NormEffect(new NormSite(-1, NormKind.Final), nan));
        await Should.ThrowAsync<ModelOutputException>(() => _engine.GreedyAsync([1], 3, adapter));
        await Should.ThrowAsync<ModelOutputException>(async () => await _engine.Engine.ScoreAsync([1], [2], adapter));
        await foreach (GenerationUpdate update in _engine.Engine.GenerateAsync(
            new GenerationRequest { Prompt = [1], MaxTokens = 3, Sampling = new SamplingOptions { TopLogProbs = 2 } }, TestContext.Current.CancellationToken))
        {
            update.Token!.Value.Top.Count.ShouldBe(2);
            double.IsFinite(update.Token!.Value.LogProbability).ShouldBeTrue();
        }
    }
}
