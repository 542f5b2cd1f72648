using System.Text;
using SkPeft.Engine.Adapters;
using SkPeft.Engine.Tests.Generation;
using SkPeft.Engine.Tests.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Adapters;

public sealed class AdapterLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;
    private readonly InlineMethod _method = new() { Effects = [new BiasEffect(new LinearSite(0, LinearKind.Up), new Tensor(12))] };
    private readonly AdapterFiles _files;

    public AdapterLoaderTests()
    {
        HfModelFolder.Write(ReferenceLlama.Random(SmallEngine.Sizes(264), 5), _folder.Root);
        _folder.Write("tokenizer.json", SmallTokenizers.ByteLevel().ToJsonString());
        _model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Threads = 1 });
        _files = AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor> { ["a.weight"] = new(2, 3) });
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Load_TellsWhatItLoaded()
    {
        using ILoadedAdapter adapter = await LoadAsync(_files);
        adapter.PeftType.ShouldBe("TEST_INLINE");
        adapter.MatchedModules.ShouldBe(["model.norm"]);
        adapter.Plugin.ShouldBe(_method.Identity);
        adapter.Bytes.ShouldBeGreaterThanOrEqualTo(2 * 3 * sizeof(float));
        adapter.Warnings.ShouldBeEmpty();
        adapter.Model.ShouldBe(_model.Fingerprint);
    }

    [Fact]
    public async Task Dispose_ReleasesTheLeaseOnce()
    {
        ILoadedAdapter adapter = await LoadAsync(_files);
        (_method.Acquired, _method.Released).ShouldBe((1, 0));
        adapter.Dispose();
        adapter.Dispose();
        (_method.Acquired, _method.Released).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Dispose_LetsGoOfTheEffects()
    {
        (ILoadedAdapter adapter, WeakReference effect) = await LoadWeakAsync();
        effect.IsAlive.ShouldBeTrue();
        adapter.Dispose();
        for (int i = 0; i < 10 && effect.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        effect.IsAlive.ShouldBeFalse();
        GC.KeepAlive(adapter);
    }

    [Fact]
    public async Task IsCurrent_UntilTheCatalogOffersAnother()
    {
        IAdapterLoader loader = _model.CreateAdapterLoader(_method);
        using ILoadedAdapter adapter = await loader.LoadAsync(_files, TestContext.Current.CancellationToken);
        loader.IsCurrent(adapter).ShouldBeTrue();
        _method.Identity = _method.Identity with { Generation = 5 };
        loader.IsCurrent(adapter).ShouldBeFalse();
    }

    [Fact]
    public async Task Load_MissingFiles_NamesThem()
    {
        (await Should.ThrowAsync<FileAccessException>(() => LoadAsync(_files with { ConfigPath = _folder.PathOf("no.json") }))).Message.ShouldContain("no.json");
        (await Should.ThrowAsync<FileAccessException>(() => LoadAsync(_files with { WeightsPath = _folder.PathOf("no.safetensors") }))).Message.ShouldContain("no.safetensors");
        _method.Acquired.ShouldBe(_method.Released);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "peft_type": 7 }""")]
    [InlineData("""{ "peft_type": null }""")]
    [InlineData("""{ "peft_type": "TEST_INLINE", "peft_type": "LORA" }""")]
    [InlineData("""{ "peft_type": "TEST_INLINE" """)]
    public async Task Load_BrokenConfig_NamesTheFile(string config)
    {
        string path = _folder.Write("broken.json", config);
        FileFormatException error = await Should.ThrowAsync<FileFormatException>(() => LoadAsync(_files with { ConfigPath = path }));
        error.Message.ShouldMatch("broken.json|adapter_config.json");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,800]}}""")]
    [InlineData("""{"a":{"dtype":"F9","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":""")]
    public async Task Load_BrokenWeights_NamesTheFile(string header)
    {
        string path = _folder.Write("broken.safetensors", SafetensorsBytes.Of(header, new byte[8]));
        (await Should.ThrowAsync<FileFormatException>(() => LoadAsync(_files with { WeightsPath = path }))).Message.ShouldContain("broken.safetensors");
    }

    [Fact]
    public async Task Load_TruncatedWeights_NamesTheFile()
    {
        byte[] whole = await File.ReadAllBytesAsync(_files.WeightsPath, TestContext.Current.CancellationToken);
        for (int length = 0; length < whole.Length; length += 7)
        {
            string path = _folder.Write("cut.safetensors", whole.AsSpan(0, length));
            (await Should.ThrowAsync<FileFormatException>(() => LoadAsync(_files with { WeightsPath = path }))).Message.ShouldContain("cut.safetensors");
        }
    }

    [Fact]
    public async Task Load_UnknownType_NamesIt()
    {
        string path = _folder.Write("other.json", """{ "peft_type": "NOSUCH" }""");
        (await Should.ThrowAsync<MethodNotFoundException>(() => LoadAsync(_files with { ConfigPath = path }))).Message.ShouldContain("NOSUCH");
    }

    [Fact]
    public async Task Load_ThatTouchesNothing_IsRefused()
    {
        _method.Modules = [];
        await Should.ThrowAsync<AdapterMatchesNothingException>(() => LoadAsync(_files));
        _method.Modules = ["model.norm"];
        _method.Effects = [];
        await Should.ThrowAsync<AdapterMatchesNothingException>(() => LoadAsync(_files));
        (_method.Acquired, _method.Released).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Load_WhosePluginFails_NamesPluginAndAdapter_AndReleasesTheLease()
    {
        _method.Build = _ => throw new FormatException("boom");
        PluginFaultException error = await Should.ThrowAsync<PluginFaultException>(() => LoadAsync(_files));
        error.Message.ShouldContain("TestPlugin 1.2.3 (generation 4)");
        error.Message.ShouldContain("'hand-made'");
        error.Message.ShouldContain("boom");
        _method.Build = _ => [new BiasEffect(new LinearSite(9, LinearKind.Up), new Tensor(12))];
        await Should.ThrowAsync<AdapterShapeException>(() => LoadAsync(_files));
        (_method.Acquired, _method.Released).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Load_ForAnotherTokenizerOrShape_IsRefused()
    {
        ModelFingerprint made = _model.Fingerprint;
        AdapterBaseMismatchException error = await Should.ThrowAsync<AdapterBaseMismatchException>(() => LoadAsync(_files with { Base = made with { Tokenizer = "other" } }));
        error.What.ShouldBe("tokenizer");
        error.Message.ShouldContain(made.Tokenizer!);
        error.Message.ShouldContain("other");
        (await Should.ThrowAsync<AdapterBaseMismatchException>(() => LoadAsync(_files with { Base = made with { Shapes = "other" } }))).What.ShouldBe("shapes");
        _method.Acquired.ShouldBe(0);
    }

    [Fact]
    public async Task Load_ForOtherWeights_IsServedWithAWarning_OrRefusedWhereStrict()
    {
        ModelFingerprint made = _model.Fingerprint with { Weights = "short" };
        using ILoadedAdapter adapter = await LoadAsync(_files with { Base = made });
        string warning = adapter.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("short");
        warning.ShouldContain(_model.Fingerprint.Weights[..12]);

        IAdapterLoader strict = _model.CreateAdapterLoader(_method, new AdapterLoaderOptions { Strict = true });
        AdapterBaseMismatchException error = await Should.ThrowAsync<AdapterBaseMismatchException>(async () => await strict.LoadAsync(_files with { Base = made }));
        (error.What, error.Message.Contains(_model.Fingerprint.Weights)).ShouldBe(("weights", true));
        using ILoadedAdapter same = await strict.LoadAsync(_files with { Base = _model.Fingerprint }, TestContext.Current.CancellationToken);
        same.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Load_Cancelled_EndsAsCancelled() =>
        await Should.ThrowAsync<OperationCanceledException>(async () => await _model.CreateAdapterLoader(_method).LoadAsync(_files, new CancellationToken(true)));

    [Fact]
    public async Task Load_OfRandomlyChangedFiles_RaisesTypedErrorsOnly()
    {
        byte[] config = Encoding.UTF8.GetBytes(InlineMethod.Config);
        byte[] weights = await File.ReadAllBytesAsync(_files.WeightsPath, TestContext.Current.CancellationToken);
        Random random = new(3);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] changed = [.. i % 2 == 0 ? config : weights];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            string path = _folder.Write("changed", changed);
            try
            {
                (await LoadAsync(i % 2 == 0 ? _files with { ConfigPath = path } : _files with { WeightsPath = path })).Dispose();
            }
            catch (SkPeftException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(50);
        _method.Acquired.ShouldBe(_method.Released);
    }

    private async Task<(ILoadedAdapter Adapter, WeakReference Effect)> LoadWeakAsync()
    {
        Effect effect = new TestEffects.SubLayer(0, SubLayerKind.Mlp, (_, y) => y);
        _method.Effects = [effect];
        ILoadedAdapter adapter = await LoadAsync(_files);
        await _model.Engine.VisitLogitsAsync([1, 2], adapter, 0, (_, _) => { });
        _method.Effects = [];
        return (adapter, new WeakReference(effect));
    }

    private async Task<ILoadedAdapter> LoadAsync(AdapterFiles files) => await _model.CreateAdapterLoader(_method).LoadAsync(files);
}
