using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>Closing a model: requests that run or come later get an error that says so; nothing crashes, nothing hangs.</summary>
public sealed class ClosingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClosingTests() => HfModelFolder.Write(ReferenceLlama.Random(SmallEngine.Sizes(), 5), _folder.Root, 4096);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dispose_WhileRequestsRun_FailsThemAtTheirNextStep()
    {
        for (int round = 0; round < 20; round++)
        {
            LanguageModel model = Open();
            TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] requests = [.. Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
            {
                await foreach (GenerationUpdate _ in model.Engine.GenerateAsync(new GenerationRequest { Prompt = SmallEngine.Text(30, i), MaxTokens = 4000, EndIds = new HashSet<int>() }))
                {
                    running.TrySetResult();
                }
            }))];
            await running.Task;
            model.Dispose();
            foreach (Task request in requests)
            {
                (await Should.ThrowAsync<ObjectDisposedException>(() => request)).Message.ShouldContain("model was closed");
            }
        }
    }

    [Fact]
    public async Task AfterDispose_EveryCallFailsClearly()
    {
        LanguageModel model = Open();
        IBaseModel baseModel = model.Base;
        InlineMethod method = new() { Build = b => [new NormEffect(new NormSite(-1, NormKind.Final), b.Weight("model.norm"))] };
        IAdapterLoader loader = model.CreateAdapterLoader(method);
        AdapterFiles files = AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor>());
        using ILoadedAdapter adapter = await loader.LoadAsync(files, TestContext.Current.CancellationToken);
        model.Dispose();
        model.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await model.Engine.VisitLogitsAsync([1], null, 0, (_, _) => { }));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await model.Engine.ScoreAsync([1], [2], adapter));
        Should.Throw<ObjectDisposedException>(() => baseModel.Weight("model.norm"));
        Should.Throw<ObjectDisposedException>(() => baseModel.Linear(new LinearSite(0, LinearKind.Query), new Tensor(1, 16)));
        Should.Throw<ObjectDisposedException>(() => model.Fingerprint);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await loader.LoadAsync(files));
        method.Released.ShouldBe(1);
        model.Shape.Sizes.Layers.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_FromInsideAStep_IsRefused()
    {
        using LanguageModel model = Open();
        await Should.ThrowAsync<InvalidOperationException>(async () => await model.Engine.VisitLogitsAsync([1], null, 0, (_, _) => model.Dispose()));
    }

    [Fact]
    public async Task AnAdapter_DisposedWhileARequestRuns_ServesItToTheEnd_AndNoOther()
    {
        using LanguageModel model = Open();
        Random random = new(1);
        InlineMethod method = new() { Effects = [new LowRankEffect(new LinearSite(0, LinearKind.Up), RandomTensors.Normal(random, 0.3, 2, 16), RandomTensors.Normal(random, 0.3, 12, 2), 2)] };
        IAdapterLoader loader = model.CreateAdapterLoader(method);
        AdapterFiles files = AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor>());
        List<int> expected = await IdsAsync(model, await loader.LoadAsync(files, TestContext.Current.CancellationToken), _ => { });
        ILoadedAdapter adapter = await loader.LoadAsync(files, TestContext.Current.CancellationToken);

        List<int> ids = await IdsAsync(model, adapter, count =>
        {
            if (count == 3)
            {
                adapter.Dispose();
                adapter.Dispose();
                method.Released.ShouldBe(0);
            }
        });

        ids.ShouldBe(expected);
        method.Released.ShouldBe(1);
        await Should.ThrowAsync<ObjectDisposedException>(() => IdsAsync(model, adapter, _ => { }));
    }

    [Fact]
    public async Task AnAdapter_OfAnotherModel_IsRefused()
    {
        using LanguageModel model = Open();
        using LanguageModel other = Open();
        InlineMethod method = new() { Effects = [new BiasEffect(new LinearSite(0, LinearKind.Up), new Tensor(12))] };
        AdapterFiles files = AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor>());
        using ILoadedAdapter adapter = await other.CreateAdapterLoader(method).LoadAsync(files, TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<InvalidOptionException>(() => IdsAsync(model, adapter, _ => { }))).Option.ShouldBe("adapter");
    }

    [Fact]
    public void Open_WithOptionsOutOfRange_NamesThem()
    {
        Refuse("threads", new() { Threads = 0 });
        Refuse("threads", new() { Threads = 257 });
        Refuse("context length", new() { ContextLength = 0 });
        Refuse("context length", new() { ContextLength = 4097 });
    }

    private void Refuse(string option, LanguageModelOptions options) =>
        Should.Throw<InvalidOptionException>(() => LanguageModel.Open(_folder.Root, options)).Option.ShouldBe(option);

    private LanguageModel Open() => LanguageModel.Open(_folder.Root, new LanguageModelOptions { Threads = 2, Precision = Precision.Exact });

    private static async Task<List<int>> IdsAsync(LanguageModel model, ILoadedAdapter adapter, Action<int> seen)
    {
        List<int> ids = [];
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(new GenerationRequest { Prompt = [1, 2, 3], MaxTokens = 8, Adapter = adapter, EndIds = new HashSet<int>() }))
        {
            ids.Add(update.Token!.Value.Id);
            seen(ids.Count);
        }

        return ids;
    }
}
