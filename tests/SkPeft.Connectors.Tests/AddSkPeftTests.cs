using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Scheduling;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

public sealed class AddSkPeftTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHost_WithTwoSkills_AnswersThroughThem()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        TinyLlama.WriteLora(_folder.PathOf("lora"), seed: 1);
        AdapterStore.Open(_folder.PathOf("store")).Add("red", _folder.PathOf("lora"), cancellationToken: Token);
        using IHost host = Build("""
            { "SkPeft": { "Model": "model", "Store": "store", "Threads": 1, "MaxOutputTokens": 4, "Skills": [
                { "Name": "echo", "Adapter": "red", "Prompt": "{input}:", "Default": true },
                { "Name": "mood", "Adapter": "red@1", "Prompt": "{input}:", "Labels": { "good": [ "a", "fine" ], "bad": "b" } } ] } }
            """);
        await host.StartAsync(Token);

        ChatResponse routed = await host.Services.GetRequiredService<IChatClient>().GetResponseAsync("hello", cancellationToken: Token);
        ChatResponse keyed = await host.Services.GetRequiredKeyedService<IChatClient>("mood").GetResponseAsync("hello", cancellationToken: Token);

        TinyHost.ReceiptOf(routed.AdditionalProperties).Route.ShouldContain("'echo' is the default");
        routed.Usage!.OutputTokenCount!.Value.ShouldBeInRange(1, 4);
        TinyHost.ReceiptOf(keyed.AdditionalProperties).Probabilities!.Keys.ShouldBe(["good", "bad"], ignoreOrder: true);
        host.Services.GetServices<IChatClient>().Count().ShouldBe(1);
        host.Services.GetRequiredKeyedService<IChatClient>("skpeft").GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("red");
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Start_EverythingWrong_IsToldAtOnce_ByKey()
    {
        using IHost host = Build("""
            { "SkPeft": { "Store": [ "a" ], "Threads": 0, "Precision": "double", "WatchPlugins": "maybe", "Modell": "x", "TokenTargetMilliseconds": 0,
                "Weights": { "gold": 0, "silver": [ 1 ], "tin": "x" }, "Skills": [
                { "Adapter": "red", "Functions": [ "f" ] },
                { "Name": "b", "Functions": [ "F", [ "x" ] ], "Colour": "red", "Labels": [ "one" ] },
                { "Name": "skpeft", "Adapter": "base" } ] } }
            """);

        ConfigurationException error = await Should.ThrowAsync<ConfigurationException>(() => host.StartAsync(Token));

        string[] keys =
        [
            "SkPeft:Model: ", "SkPeft:Store: ", "SkPeft:Threads: '0'", "SkPeft:Precision: 'double'", "SkPeft:WatchPlugins: 'maybe'", "SkPeft:Modell: ", "SkPeft:TokenTargetMilliseconds: '0'",
            "SkPeft:Weights:gold: '0'", "SkPeft:Weights:silver: a list or section", "SkPeft:Weights:tin: 'x'",
            "SkPeft:Skills:0:Name: ", "SkPeft:Skills:1:Adapter: ", "SkPeft:Skills:1:Functions:0: ", "SkPeft:Skills:1:Functions:1: ", "SkPeft:Skills:1:Colour: ", "SkPeft:Skills:1:Labels: ",
            "SkPeft:Skills:2:Adapter: ", "SkPeft:Skills:2:Name: ",
        ];
        foreach (string key in keys)
        {
            error.Problems.ShouldContain(p => p.StartsWith(key, StringComparison.Ordinal), key + "\n" + string.Join("\n", error.Problems));
        }
    }

    [Fact]
    public async Task Run_AModelThatIsNotThere_NamesTheKey()
    {
        using IHost host = Build("""{ "SkPeft": { "Model": "nowhere.gguf", "Store": "store" } }""");

        (await Should.ThrowAsync<ConfigurationException>(() => host.RunAsync(Token))).Problems.Single().ShouldStartWith("SkPeft:Model: ");
    }

    [Fact]
    public async Task Run_AdaptersThatAreMissingOrDoNotFit_NameTheirKeys()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        Testing.AdapterFolder.Write(_folder.PathOf("odd"), """{ "peft_type": "NO_SUCH_METHOD" }""", new Dictionary<string, Tensor> { ["x"] = new Tensor([1]) });
        AdapterStore.Open(_folder.PathOf("store")).Add("odd", _folder.PathOf("odd"), cancellationToken: Token);
        using IHost host = Build("""
            { "SkPeft": { "Model": "model", "Store": "store", "Skills": { "first": { "Adapter": "missing" }, "second": { "Adapter": "odd" } } } }
            """);

        ConfigurationException error = await Should.ThrowAsync<ConfigurationException>(() => host.RunAsync(Token));

        error.Problems[0].ShouldStartWith("SkPeft:Skills:first:Adapter: There is no adapter 'missing'.");
        error.Problems[1].ShouldStartWith("SkPeft:Skills:second:Adapter: No plugin implements peft_type 'NO_SUCH_METHOD'.");
    }

    [Fact]
    public async Task Run_NeitherPromptNorTemplate_NamesTheKey()
    {
        TinyLlama.Write(_folder.PathOf("model"), withTemplate: false);
        using IHost host = Build("""{ "SkPeft": { "Model": "model", "Store": "store", "AllowBase": true, "Skills": [ { "Name": "talk", "Adapter": "base" } ] } }""");

        (await Should.ThrowAsync<ConfigurationException>(() => host.RunAsync(Token))).Problems.Single().ShouldStartWith("SkPeft:Skills:0:Prompt: ");
    }

    [Fact]
    public void Read_ASectionAlone_AndSkillsUnderTheirNames()
    {
        IConfiguration root = Configuration("""
            { "SkPeft": { "Model": "m", "Store": "s", "Plugins": "one", "AllowList": "enforce", "Strict": "true", "Skills": { "mood": { "Adapter": "x@2", "Tags": "t", "Labels": [ "b", "a" ] } } } }
            """);

        SkPeftSettings settings = SkPeftSettings.Read(root.GetSection("SkPeft"));

        settings.Plugins.ShouldBe(["one"]);
        settings.Strict.ShouldBeTrue();
        SkillDefinition skill = settings.Skills.ShouldHaveSingleItem();
        (skill.Name, skill.Adapter, skill.Key).ShouldBe(("mood", "x@2", "SkPeft:Skills:mood"));
        skill.Tags.ShouldBe(["t"]);
        skill.Labels.Select(l => l.Name).ShouldBe(["b", "a"]);
    }

    [Fact]
    public void Read_HowTenantsShare_ReachesTheScheduler()
    {
        SchedulerOptions options = SkPeftSettings.Read(Configuration("""
            { "SkPeft": { "Model": "m", "Store": "s", "StepTargetMilliseconds": 40, "TokenTargetMilliseconds": 60, "Weights": { "Gold": 3, "tin": "0.5" } } }
            """)).Scheduler();

        (options.StepTarget, options.TokenTarget).ShouldBe((TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(60)));
        options.Weights.ShouldBe(new Dictionary<string, double> { ["Gold"] = 3, ["tin"] = 0.5 }, ignoreOrder: true);
        options.Validated().ShouldBe(options);
    }

    [Fact]
    public void Read_NoSection_SaysWhatIsMissing() =>
        Should.Throw<ConfigurationException>(() => SkPeftSettings.Read(Configuration("{}"))).Message.ShouldContain("SkPeft:Model");

    private IHost Build(string json)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.Root });
        builder.Configuration.AddConfiguration(Configuration(json));
        builder.Services.AddSkPeft(builder.Configuration);
        return builder.Build();
    }

    private static IConfigurationRoot Configuration(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
}
