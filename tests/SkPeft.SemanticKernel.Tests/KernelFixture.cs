using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.Testing;

namespace SkPeft.SemanticKernel.Tests;

/// <summary>A tiny model with three modules and their skills, opened once, and kernels over it.</summary>
public sealed class KernelFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KernelFixture()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        Settings = new SkPeftSettings
        {
            Model = _folder.PathOf("model"),
            Store = _folder.PathOf("store"),
            WatchPlugins = false,
            Threads = 1,
            MaxOutputTokens = 6,
            Skills =
            [
                new SkillDefinition { Name = "say", Adapter = "red", Prompt = "Say: {input}\n", Functions = ["Reviews.Say"] },
                new SkillDefinition { Name = "mood", Adapter = "blue", Prompt = "{input}\nMood:", Labels = [new("good", ["a"]), new("bad", ["b"])], Functions = ["Reviews.Mood"] },
                new SkillDefinition { Name = "talk", Adapter = "green@1", Plugins = ["Desk"] },
            ],
        };
        Runtime = PeftRuntime.Open(Settings, _folder.Root);
        foreach ((string name, int seed) in new[] { ("red", 1), ("red", 2), ("blue", 3), ("green", 4) })
        {
            TinyLlama.WriteLora(_folder.PathOf($"{name}-{seed}"), seed);
            Runtime.Store.Add(name, _folder.PathOf($"{name}-{seed}"));
        }
    }

    public SkPeftSettings Settings { get; }

    public PeftRuntime Runtime { get; }

    /// <summary>A kernel with the plugin <c>Reviews</c>: Say and Mood, which are claimed by skills, and Free, which is not.</summary>
    public Kernel Build(Action<IKernelBuilder>? before = null, Action<IKernelBuilder>? after = null)
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        before?.Invoke(builder);
        builder.AddPeftChatCompletion(Runtime);
        after?.Invoke(builder);
        builder.Plugins.Add(KernelPluginFactory.CreateFromFunctions("Reviews", [Function("Say"), Function("Mood"), Function("Free")]));
        return builder.Build();
    }

    public static KernelFunction Function(string name, PromptExecutionSettings? settings = null, string prompt = "{{$input}}") =>
        KernelFunctionFactory.CreateFromPrompt(prompt, settings, name);

    public static KernelArguments Input(string input, params PromptExecutionSettings[] settings) =>
        new(settings.Length == 0 ? null : settings) { ["input"] = input };

    public static Receipt ReceiptOf(IReadOnlyDictionary<string, object?>? metadata) => metadata![Receipt.PropertyName].ShouldBeOfType<Receipt>();

    public static async Task<Receipt> StreamedReceiptAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        ChatResponseUpdate? last = null;
        await foreach (ChatResponseUpdate update in stream)
        {
            last = update;
        }

        return ReceiptOf(last!.AdditionalProperties);
    }

    /// <summary>What the client itself says, without a kernel.</summary>
    public async Task<string> SaysAsync(string skill, string text, ChatOptions? options = null) =>
        (await Runtime.CreateClient(skill).GetResponseAsync(text, options, TestContext.Current.CancellationToken)).Text;

    public void Dispose()
    {
        Runtime.Dispose();
        _folder.Dispose();
    }
}
