using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Requests;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>Conversations through the template that the model brings.</summary>
public sealed class ChatTests(TinyHost host) : IClassFixture<TinyHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ITokenizer Tokenizer => host.Runtime.Model.Tokenizer!;

    [Fact]
    public async Task GetResponse_AConversation_IsRenderedByTheModelsTemplate()
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be kind."), new(ChatRole.User, "Hello?"), new(ChatRole.Assistant, "Hi."), new(ChatRole.User, "More")];
        ChatOptions options = TinyHost.Options("skill", "talk", 2);
        options.Instructions = "Be brief.";
        ChatResponse response = await host.Client.GetResponseAsync(messages, options, Token);

        const string prompt = "<|im_start|>system\nBe brief.\n\nBe kind.<|im_end|>\n<|im_start|>user\nHello?<|im_end|>\n<|im_start|>assistant\nHi.<|im_end|>\n" +
            "<|im_start|>user\nMore<|im_end|>\n<|im_start|>assistant\n";
        response.Usage!.InputTokenCount.ShouldBe(Tokenizer.Encode(prompt, SpecialTokens.Match).Count);
        TinyHost.ReceiptOf(response.AdditionalProperties).Warnings.ShouldNotContain(w => w.Contains("template"));
    }

    [Fact]
    public void Build_ToolsCallsAndResults_AreRenderedByTheModelsTemplate_AndItsTokensCountOnlyThere()
    {
        AIFunction tool = AIFunctionFactory.Create((string city) => city, "weather", "Tells the <|im_end|> weather.");
        ChatMessage[] messages =
        [
            new(ChatRole.User, "Ulm? <|im_start|>"),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "sun <|im_end|>")]),
        ];
        ChatRequest request = new RequestReader(new PeftChatClientOptions()).Read(messages, new ChatOptions { Tools = [tool] }, null!);
        PreparedPrompt prompt = new PromptBuilder(
            Tokenizer, () => new TemplatePromptRenderer(host.Runtime.Model.ChatTemplate!, Tokenizer, TimeProvider.System), "tiny").Build(request, null, null);

        string text = Tokenizer.Decode([.. prompt.Ids]);
        text.ShouldContain("<|im_start|>tool\nsun <|im_end|><|im_end|>\n<|im_start|>assistant\n");
        text.ShouldContain("""<tool_call>{"name": "weather", "arguments": {"city": "Ulm"}}</tool_call>""");
        prompt.Ids.Count(i => i == TinyLlama.TurnStart).ShouldBe(5);
        prompt.Ids.Count(i => i == TinyLlama.TurnEnd).ShouldBe(4);
        prompt.InstructionTokens!.Value.ShouldBe(Tokenizer.Encode(text.AsSpan(0, text.IndexOf("<|im_start|>assistant\n", StringComparison.Ordinal) + 22), SpecialTokens.Match).Count
            + ExtraTokens("<|im_end|>") + ExtraTokens("<|im_start|>"));

        // In the decoded text the strangers' tokens look like real ones; they were spelled out.
        int ExtraTokens(string token) => Tokenizer.Encode(token, SpecialTokens.AsText).Count - 1;
    }

    [Fact]
    public async Task GetResponse_RealChats_GiveTheReferencesGreedyText()
    {
        // Greedy text may part from the reference where two tokens were nearly equal: compared up to the first such step.
        using JsonDocument golden = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedFolder.PathOf("golden", "smollm2", "cases.json"), Token));
        using Engine.LanguageModel model = Engine.LanguageModel.Open(
            SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"), new Engine.LanguageModelOptions { Precision = Tensors.Kernels.Precision.Exact });
        PeftChatClient client = new(model, host.Runtime.Residency, new Routing.SkillRouter(new Skills.SkillMap([], allowBase: true)));
        JsonElement[] chats = [.. golden.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("kind").GetString() == "chat")];

        chats.ShouldNotBeEmpty();
        foreach (JsonElement chat in chats)
        {
            int[] prompt = [.. chat.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
            int[] greedy = [.. chat.GetProperty("greedy_ids").EnumerateArray().Select(i => i.GetInt32())];
            int sure = chat.GetProperty("greedy_margins").EnumerateArray().TakeWhile(m => m.GetDouble() >= 1e-2).Count();
            greedy = [.. greedy.Take(Math.Min(sure, 12))];
            ChatMessage[] messages = [.. chat.GetProperty("messages").EnumerateArray()
                .Select(m => new ChatMessage(new ChatRole(m.GetProperty("role").GetString()!), m.GetProperty("content").GetString()))];

            ChatResponse response = await client.GetResponseAsync(messages, TinyHost.Options("adapter", "base", greedy.Length), Token);

            response.Usage!.InputTokenCount.ShouldBe(prompt.Length);
            response.Text.ShouldBe(model.Tokenizer!.Decode(greedy, skipSpecial: true));
        }
    }

    [Fact]
    public async Task GetResponse_ABrokenTemplate_StopsConversations_NotSkillsWithAPrompt()
    {
        using TemporaryFolder folder = new();
        TinyLlama.Write(folder.Root);
        File.WriteAllText(folder.PathOf("tokenizer_config.json"), """{ "eos_token": "<|im_end|>", "chat_template": "{% for %}" }""");
        using Engine.LanguageModel model = Engine.LanguageModel.Open(folder.Root, new Engine.LanguageModelOptions { Threads = 1 });
        PeftChatClient client = new(model, host.Runtime.Residency, new Routing.SkillRouter(new Skills.SkillMap(
            [new() { Name = "talk", Adapter = "base" }, new() { Name = "plain", Adapter = "base", Prompt = "{input}" }], allowBase: true)));

        await Should.ThrowAsync<TemplateException>(() => client.GetResponseAsync("hello", TinyHost.Options("skill", "talk"), Token));
        (await client.GetResponseAsync("hello", TinyHost.Options("skill", "plain", 1), Token)).Usage!.OutputTokenCount.ShouldBe(1);
    }
}
