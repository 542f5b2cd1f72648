using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SkPeft.Connectors.Receipts;

namespace SkPeft.SemanticKernel.Tests;

public sealed class PeftPromptExecutionSettingsTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private const string Json = """
        { "template": "{{$input}}", "template_format": "semantic-kernel", "name": "FromFile", "execution_settings": {
            "mood": { "service_id": "mood", "labels": { "fine": [ "a" ], "poor": [ "b" ] } },
            "default": { "adapter": "red@1", "skill": "say", "temperature": 0.5, "seed": 9007199254740993, "max_tokens": 3, "stop_sequences": [ "x" ], "min_p": 0.1 } } }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void ToChatOptions_SaysEverythingExactly()
    {
        PeftPromptExecutionSettings settings = new()
        {
            Adapter = "red@1", Skill = "say", Tags = ["t"], Labels = [new("fine", ["a", "b"]), new("poor", ["c"])], Temperature = 0.5f, TopP = 0.9f, TopK = 4, MinP = 0.1f, TypicalP = 0.2f,
            RepetitionPenalty = 1.1f, PresencePenalty = 0.3f, FrequencyPenalty = 0.4f, LogitBias = new Dictionary<int, float> { [3] = -1.5f }, TopLogProbs = 2, Seed = long.MaxValue, MaxTokens = 5,
            StopSequences = ["x", "y"], ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{ "type": "object" }"""), "thing"), Precision = "exact", Priority = 3, DeadlineMilliseconds = 1500.5, Tenant = "me",
            DecodeEntities = false,
        };

        foreach (PeftPromptExecutionSettings each in (PeftPromptExecutionSettings[])[settings, (PeftPromptExecutionSettings)settings.Clone(), RoundTrip(settings), PeftPromptExecutionSettings.FromExecutionSettings(Loose(settings))])
        {
            ChatOptions options = each.ToChatOptions(new Kernel())!;
            (options.Temperature, options.TopP, options.TopK, options.Seed, options.MaxOutputTokens).ShouldBe((0.5f, 0.9f, 4, long.MaxValue, 5));
            (options.PresencePenalty, options.FrequencyPenalty).ShouldBe((0.3f, 0.4f));
            options.StopSequences.ShouldBe(["x", "y"]);
            options.ResponseFormat.ShouldBeOfType<ChatResponseFormatJson>().Schema!.Value.GetProperty("type").GetString().ShouldBe("object");
            options.AdditionalProperties!.Keys.Order(StringComparer.Ordinal).ShouldBe(
                ["adapter", "deadline_ms", "labels", "logit_bias", "min_p", "precision", "priority", "repetition_penalty", "skill", "tags", "tenant", "top_logprobs", "typical_p"]);
            (options.AdditionalProperties["min_p"], options.AdditionalProperties["deadline_ms"], options.AdditionalProperties["priority"]).ShouldBe((0.1f, 1500.5, 3));
            ((IReadOnlyDictionary<int, float>)options.AdditionalProperties["logit_bias"]!)[3].ShouldBe(-1.5f);
            each.Labels!.Select(l => $"{l.Name}: {string.Join(",", l.Words)}").ShouldBe(["fine: a,b", "poor: c"]);
            each.DecodeEntities.ShouldBe(false);
        }

        new PeftPromptExecutionSettings().ToChatOptions(null)!.AdditionalProperties.ShouldBeNull();
    }

    [Fact]
    public void Freeze_NothingCanBeChanged_AndAClonesAreFree()
    {
        List<string> stop = ["x"];
        PeftPromptExecutionSettings settings = new() { Skill = "say", StopSequences = stop, ServiceId = "s", ModelId = "m", FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(), ExtensionData = new Dictionary<string, object> { ["k"] = 1 } };
        settings.Freeze();
        stop.Add("y");

        Action<PeftPromptExecutionSettings>[] changes =
        [
            s => s.Adapter = "a", s => s.Skill = null, s => s.Tags = ["t"], s => s.Labels = [], s => s.Temperature = 1, s => s.TopP = 1, s => s.TopK = 1, s => s.MinP = 1, s => s.TypicalP = 1, s => s.RepetitionPenalty = 1,
            s => s.PresencePenalty = 1, s => s.FrequencyPenalty = 1, s => s.LogitBias = null, s => s.TopLogProbs = 1, s => s.Seed = 1, s => s.MaxTokens = 1, s => s.StopSequences = [], s => s.ResponseFormat = null,
            s => s.Precision = "fast", s => s.Priority = 1, s => s.DeadlineMilliseconds = 1, s => s.Tenant = "t", s => s.DecodeEntities = true, s => s.ModelId = "x", s => s.ExtensionData!["k"] = 2,
        ];
        changes.ShouldAllBe(change => Throws(change, settings));
        settings.StopSequences.ShouldBe(["x"]);

        PeftPromptExecutionSettings clone = settings.Clone().ShouldBeOfType<PeftPromptExecutionSettings>();
        (clone.Skill, clone.ServiceId, clone.ModelId, clone.FunctionChoiceBehavior, clone.ExtensionData!["k"], clone.IsFrozen).ShouldBe(("say", "s", "m", settings.FunctionChoiceBehavior, 1, false));
        clone.Skill = "other";
        clone.ExtensionData["k"] = 2;
        (settings.Skill, settings.ExtensionData!["k"]).ShouldBe(("say", 1));
    }

    [Fact]
    public async Task APromptFile_InJson_SaysWhoAnswersAndHow()
    {
        KernelFunction function = KernelFunctionFactory.CreateFromPrompt(PromptTemplateConfig.FromJson(Json));
        PeftPromptExecutionSettings typed = PeftPromptExecutionSettings.FromExecutionSettings(function.ExecutionSettings!["default"]);
        (typed.Adapter, typed.Skill, typed.Temperature, typed.Seed, typed.MaxTokens, typed.MinP, typed.ExtensionData).ShouldBe(("red@1", "say", 0.5f, 9007199254740993, 3, 0.1f, null));
        typed.StopSequences.ShouldBe(["x"]);

        Receipt receipt = KernelFixture.ReceiptOf((await fixture.Build().InvokeAsync(function, KernelFixture.Input("x"), Token)).Metadata);
        receipt.Skill.ShouldBe("mood");
        receipt.Probabilities!.Keys.ShouldBe(["fine", "poor"], ignoreOrder: true);
    }

    [Fact]
    public async Task APromptFile_InYaml_SaysWhoAnswersAndHow()
    {
#if SK_YAML
        KernelFunction function = KernelFunctionYaml.FromPromptYaml("""
            name: FromFile
            template: "{{$input}}"
            template_format: semantic-kernel
            execution_settings:
              default:
                service_id: mood
                labels:
                  fine: [ a ]
                  poor: [ b ]
                priority: 2
            """);

        Receipt receipt = KernelFixture.ReceiptOf((await fixture.Build().InvokeAsync(function, KernelFixture.Input("x"), Token)).Metadata);
        receipt.Skill.ShouldBe("mood");
        receipt.Probabilities!.Keys.ShouldBe(["fine", "poor"], ignoreOrder: true);
        PeftPromptExecutionSettings.FromExecutionSettings(function.ExecutionSettings!["default"]).Priority.ShouldBe(2);
#else
        await Task.CompletedTask;
        Assert.Skip("SK_FEED has no Microsoft.SemanticKernel.Yaml of this version.");
#endif
    }

    [Fact]
    public void FromExecutionSettings_AWrongValue_IsNamed() =>
        Should.Throw<InvalidOptionException>(() => PeftPromptExecutionSettings.FromExecutionSettings(new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { ["Response_Format"] = "yaml" } })).Option.ShouldBe("Response_Format");

    private static bool Throws(Action<PeftPromptExecutionSettings> change, PeftPromptExecutionSettings settings)
    {
        try
        {
            change(settings);
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException)
        {
            return true;
        }
    }

    private static PeftPromptExecutionSettings RoundTrip(PeftPromptExecutionSettings settings) =>
        JsonSerializer.Deserialize<PeftPromptExecutionSettings>(JsonSerializer.Serialize(settings))!;

    private static PromptExecutionSettings Loose(PeftPromptExecutionSettings settings) =>
        JsonSerializer.Deserialize<PromptExecutionSettings>(JsonSerializer.Serialize(settings))!;
}
