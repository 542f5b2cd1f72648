using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Connectors.Tools;
using SkPeft.Engine;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>Tools through the client: a random model that must call, or is lured into it, by each template's convention.</summary>
public sealed class ToolCallTests(TinyHost host) : IClassFixture<TinyHost>
{
    private const string Schema = """
        { "type": "object", "properties": { "city": { "type": "string", "maxLength": 8 }, "days": { "type": "integer", "minimum": 1, "maximum": 9 }, "unit": { "enum": [ "°C", "°F" ] } },
          "required": [ "city", "unit" ], "additionalProperties": false }
        """;

    private const string Hermes = "{%- for tool in tools or [] %}{{ tool.function.name }}{%- endfor %}<tool_call></tool_call>";
    private const string Mistral = "{%- for tool in tools or [] %}{{ tool.function.name }}{%- endfor %}[TOOL_CALLS]";
    private const string Granite = "{%- for tool in tools or [] %}{{ tool.function.name }}{%- endfor %}<|tool_call|>";
    private const string Llama = "{%- for tool in tools or [] %}{{ tool.function.name }}{%- endfor %}<|python_tag|>";
    private const string Plain = "{%- for tool in tools or [] %}{{ tool.function.name }}{%- endfor %}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>With the mark as text, and as a special token that the text does not show.</summary>
    public static TheoryData<string, string?> Conventions() => new()
    {
        { Hermes, null }, { Hermes, "<tool_call>" }, { Hermes, "</tool_call>" }, { Mistral, null }, { Mistral, "[TOOL_CALLS]" },
        { Granite, "<|tool_call|>" }, { Llama, null }, { Llama, "<|python_tag|>" }, { Plain, null },
    };

    [Theory]
    [MemberData(nameof(Conventions))]
    public async Task GetResponse_ARequiredCall_IsMadeWithValidArguments(string template, string? special)
    {
        using Model model = new(host, template, special);
        SchemaCheck check = new(JsonElement.Parse(Schema));
        int made = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            ChatOptions options = Options(ChatToolMode.RequireAny, seed, Weather(), Other());
            options.AllowMultipleToolCalls = seed % 2 == 0;
            ChatResponse response = await model.Client.GetResponseAsync("hi", options, Token);
            FunctionCallContent[] calls = [.. response.Messages[0].Contents.OfType<FunctionCallContent>()];
            response.FinishReason.ShouldBeOneOf(ChatFinishReason.ToolCalls, ChatFinishReason.Length);
            if (response.FinishReason == ChatFinishReason.ToolCalls)
            {
                made += calls.Length;
                (seed % 2 == 0 || calls.Length == 1).ShouldBeTrue();
            }

            foreach (FunctionCallContent call in calls.Where(c => c.Name == "weather"))
            {
                check.Problem(JsonSerializer.Serialize(call.Arguments)).ShouldBeNull();
            }
        }

        made.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task GetResponse_CutBehindAWholeCall_GivesIt_AndSaysThatItWasCut()
    {
        using Model model = new(host, Hermes, null);
        int cut = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            ChatOptions options = Options(ChatToolMode.RequireAny, seed, Weather(), Other());
            ChatResponse whole = await model.Client.GetResponseAsync("hi", options, Token);
            if (whole.FinishReason != ChatFinishReason.ToolCalls || whole.Messages[0].Contents.OfType<FunctionCallContent>().Count() < 2)
            {
                continue;
            }

            options.MaxOutputTokens = (int)whole.Usage!.OutputTokenCount! - 3;
            ChatResponse part = await model.Client.GetResponseAsync("hi", options, Token);
            part.Messages[0].Contents.OfType<FunctionCallContent>().ShouldNotBeEmpty();
            part.FinishReason.ShouldBe(ChatFinishReason.Length);
            cut++;
        }

        cut.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task GetResponse_ANamedCall_CallsNothingElse()
    {
        using Model model = new(host, Hermes, null);
        for (int seed = 0; seed < 10; seed++)
        {
            ChatOptions options = Options(ChatToolMode.RequireSpecific("weather"), seed, Weather(), Other());
            options.AllowMultipleToolCalls = false;
            ChatResponse response = await model.Client.GetResponseAsync("hi", options, Token);
            response.Messages[0].Contents.OfType<FunctionCallContent>().ShouldAllBe(c => c.Name == "weather");
            response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
            response.Text.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task GetStreamingResponse_AStrictTool_IsHeldFromTheMarkOn_AndStreamsTextAtOnce()
    {
        // The mark is one special token here, and the model is lured into it.
        using Model model = new(host, Hermes, "<tool_call>");
        int calls = 0, texts = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            ChatOptions options = Options(ChatToolMode.Auto, seed, Weather(strict: true));
            options.AdditionalProperties!["logit_bias"] = new Dictionary<string, object> { [$"{TinyLlama.EndOfText}"] = 4 };
            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in model.Client.GetStreamingResponseAsync("hi", options, Token))
            {
                updates.Add(update);
            }

            FunctionCallContent[] made = [.. updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>()];
            made.ShouldAllBe(c => c.Name == "weather" && new SchemaCheck(JsonElement.Parse(Schema)).Problem(JsonSerializer.Serialize(c.Arguments, JsonSerializerOptions.Default)) == null);
            calls += made.Length;
            texts += updates.Count(u => u.Text.Length > 0);
        }

        calls.ShouldBeGreaterThan(3);
        texts.ShouldBeGreaterThan(20);
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public async Task GetStreamingResponse_HeldCalls_ComeInPiecesThatAreTheCalls(string template, string? special)
    {
        using Model model = new(host, template, special);
        int pieces = 0;
        for (int seed = 0; seed < 5; seed++)
        {
            List<ToolCallDelta> deltas = [];
            List<FunctionCallContent> calls = [];
            bool isCut = false;
            await foreach (ChatResponseUpdate update in model.Client.GetStreamingResponseAsync("hi", Options(ChatToolMode.RequireAny, seed, Weather(), Other()), Token))
            {
                deltas.AddRange(update.AdditionalProperties?.GetValueOrDefault(ToolCallDelta.PropertyName) as IReadOnlyList<ToolCallDelta> ?? []);
                calls.AddRange(update.Contents.OfType<FunctionCallContent>());
                isCut |= update.Text.Length > 0;
            }

            IGrouping<int, ToolCallDelta>[] made = [.. deltas.GroupBy(d => d.Index)];
            made.Length.ShouldBeInRange(calls.Count, isCut ? int.MaxValue : calls.Count);
            foreach ((IGrouping<int, ToolCallDelta> call, FunctionCallContent whole) in made.Zip(calls))
            {
                call.Select(d => d.Name).ShouldBe([whole.Name, .. call.Skip(1).Select(_ => (string?)null)]);
                call.ShouldAllBe(d => d.CallId == whole.CallId);
                JsonElement.DeepEquals(JsonElement.Parse(string.Concat(call.Select(d => d.Arguments))), JsonSerializer.SerializeToElement(whole.Arguments)).ShouldBeTrue();
                pieces += call.Count();
            }
        }

        pieces.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task GetResponse_AFormatBesideTools_IsOneOrTheOther()
    {
        using Model model = new(host, Hermes, null);
        int calls = 0, answers = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            ChatOptions options = Options(ChatToolMode.Auto, seed, Weather());
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{ "enum": [ "sun", "rain" ] }"""));
            ChatResponse response = await model.Client.GetResponseAsync("hi", options, Token);
            calls += response.FinishReason == ChatFinishReason.ToolCalls ? 1 : 0;
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                answers++;
                response.Text.Trim().ShouldBeOneOf("\"sun\"", "\"rain\"");
            }
        }

        calls.ShouldBeGreaterThan(0);
        answers.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task GetResponse_ModeNone_TellsTheModelOfNoTool()
    {
        using Model model = new(host, Hermes, null);
        ChatResponse none = await model.Client.GetResponseAsync("hi", Options(ChatToolMode.None, 1, Weather()), Token);
        ChatResponse without = await model.Client.GetResponseAsync("hi", Options(ChatToolMode.Auto, 1), Token);
        none.Usage!.InputTokenCount.ShouldBe(without.Usage!.InputTokenCount);
        none.Text.ShouldBe(without.Text);
    }

    [Fact]
    public async Task GetResponse_AToolWhoseSchemaCannotBeHeldTo_IsRefusedByName()
    {
        using Model model = new(host, Hermes, null);
        AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration("odd", "x", JsonElement.Parse("""{ "type": "object", "properties": { "a": { "not": {} } } }"""));
        SchemaException error = await Should.ThrowAsync<SchemaException>(() => model.Client.GetResponseAsync("hi", Options(ChatToolMode.RequireAny, 1, tool), Token));
        error.Message.ShouldContain("tool 'odd'");
        error.Pointer.ShouldBe("#/properties/a");
    }

    private static ChatOptions Options(ChatToolMode mode, int seed, params AITool[] tools) => new()
    {
        Tools = [.. tools],
        ToolMode = mode,
        Temperature = 1.5f,
        Seed = seed,
        MaxOutputTokens = 160,
        AdditionalProperties = new() { ["adapter"] = "base" },
    };

    private static AIFunctionDeclaration Weather(bool strict = false)
    {
        AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration("weather", "Tells the weather.", JsonElement.Parse(Schema));
        return strict ? new StrictTool(tool) : tool;
    }

    private static AIFunctionDeclaration Other() => AIFunctionFactory.CreateDeclaration("other", "Does nothing.", JsonElement.Parse("""{ "type": "object", "properties": {}, "additionalProperties": false }"""));

    private sealed class StrictTool(AIFunctionDeclaration inner) : AIFunctionDeclaration
    {
        public override string Name => inner.Name;

        public override string Description => inner.Description;

        public override JsonElement JsonSchema => inner.JsonSchema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = new Dictionary<string, object?> { ["strict"] = true };
    }

    /// <summary>The random model with a template of its own, and one of its special tokens renamed.</summary>
    private sealed class Model : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly LanguageModel _model;

        public Model(TinyHost host, string template, string? special)
        {
            TinyLlama.Write(_folder.Root);
            string config = _folder.PathOf("tokenizer_config.json");
            JsonObject json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
            json["chat_template"] = template + "{%- for message in messages %}{{ message['role'] + message['content'] }}{%- endfor %}";
            File.WriteAllText(config, json.ToJsonString());
            if (special is not null)
            {
                string tokenizer = _folder.PathOf("tokenizer.json");
                File.WriteAllText(tokenizer, File.ReadAllText(tokenizer).Replace("<|endoftext|>", special).Replace("\\u003C|endoftext|\\u003E", JsonSerializer.Serialize(special)[1..^1]));
            }

            _model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Threads = 1 });
            Client = new PeftChatClient(_model, host.Runtime.Residency, new SkillRouter(new SkillMap([], allowBase: true)));
        }

        public PeftChatClient Client { get; }

        public void Dispose()
        {
            _model.Dispose();
            _folder.Dispose();
        }
    }
}
