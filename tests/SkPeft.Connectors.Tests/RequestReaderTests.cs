using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Engine.Sampling;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Tests;

public class RequestReaderTests
{
    private static readonly ChatMessage[] s_hello = [new(ChatRole.User, "hello")];

    [Fact]
    public void Read_NoOptionsAtAll_IsGreedy()
    {
        ChatRequest request = Read(null);

        request.Sampling.ShouldBe(new SamplingOptions() with { LogitBias = request.Sampling.LogitBias });
        request.Tools.ShouldBeEmpty();
        request.MaxTokens.ShouldBeNull();
    }

    [Fact]
    public void Read_EveryTypedOption_Arrives()
    {
        ChatRequest request = Read(new ChatOptions
        {
            Temperature = 0.5f, TopP = 0.9f, TopK = 7, Seed = 11, MaxOutputTokens = 3, StopSequences = ["a", "b"], FrequencyPenalty = 0.25f, PresencePenalty = -0.5f,
            ModelId = "m@1", Instructions = "be brief", ResponseFormat = ChatResponseFormat.Text,
        });

        SamplingOptions s = request.Sampling;
        (s.Temperature, s.TopP, s.TopK, s.Seed, s.FrequencyPenalty, s.PresencePenalty).ShouldBe((0.5f, 0.9f, 7, 11, 0.25f, -0.5f));
        (request.MaxTokens, request.Route.ModelId, request.Instructions).ShouldBe((3, "m@1", "be brief"));
        request.Stop.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Read_PropertiesAsFrameworksBringThem_AreUnderstood()
    {
        foreach (Func<string, object> form in new Func<string, object>[] { s => JsonSerializer.Deserialize<JsonElement>(s), s => JsonNode.Parse(s)!, Plain })
        {
            ChatRequest request = Read(new ChatOptions
            {
                AdditionalProperties = new()
                {
                    ["ADAPTER"] = form("\"x@2\""), ["Min_P"] = form("0.25"), ["typical_p"] = form("1"), ["repetition_penalty"] = form("\"1.5\""),
                    ["top_logprobs"] = form("3"), ["precision"] = form("\"Exact\""), ["tags"] = form("[\"t\", \"u\"]"), ["tag"] = form("\"v\""),
                    ["logit_bias"] = form("{\"7\": -100, \"9\": 2.5}"), ["service_id"] = "whatever", ["skill"] = null,
                },
            });

            request.Route.Adapter.ShouldBe("x@2");
            request.Route.Skill.ShouldBeNull();
            request.Route.Tags.ShouldBe(["v", "t", "u"]);
            request.Precision.ShouldBe(Precision.Exact);
            (request.Sampling.MinP, request.Sampling.Typical, request.Sampling.RepetitionPenalty, request.Sampling.TopLogProbs).ShouldBe((0.25f, 1f, 1.5f, 3));
            request.Sampling.LogitBias.ShouldBe(new Dictionary<int, float> { [7] = -100, [9] = 2.5f }, ignoreOrder: true);
        }
    }

    [Fact]
    public void Read_ANarrowedChoiceWithoutATemperature_Draws()
    {
        Read(new ChatOptions { TopP = 0.5f }).Sampling.Temperature.ShouldBe(1);
        Read(new ChatOptions { TopP = 0.5f, Temperature = 0 }).Sampling.Temperature.ShouldBe(0);
        Read(new ChatOptions { Seed = 5 }).Sampling.Temperature.ShouldBe(0);
    }

    public static TheoryData<string, ChatOptions> Refused() => new()
    {
        { "ConversationId", new ChatOptions { ConversationId = "c" } },
        { "ToolMode", new ChatOptions { ToolMode = ChatToolMode.RequireAny } },
        { "ToolMode", new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("f") } },
        { "one", new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("f"), Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { "Tools", new ChatOptions { Tools = [new HostedWebSearchTool()] } },
        { "'one' 2 times", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one"), AIFunctionFactory.Create(() => 2, "one")] } },
        { "Reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } } },
        { "RawRepresentationFactory", new ChatOptions { RawRepresentationFactory = _ => "raw" } },
        { "MaxOutputTokens", new ChatOptions { MaxOutputTokens = 0 } },
        { "StopSequences", new ChatOptions { StopSequences = ["a", ""] } },
        { "'adaptor'", With("adaptor", "x") },
        { "adapter", With("adapter", "  ") },
        { "adapter", With("adapter", 5) },
        { "min_p", With("min_p", "much") },
        { "min_p", With("min_p", double.NaN) },
        { "top_logprobs", With("top_logprobs", 1.5) },
        { "precision", With("precision", "double") },
        { "logit_bias", With("logit_bias", "1") },
        { "logit_bias", With("logit_bias", new Dictionary<string, object> { ["word"] = 1 }) },
        { "tags", With("tags", Endless()) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_WhatCannotBeHonoured_IsRefusedByName(string option, ChatOptions options) =>
        Should.Throw<InvalidOptionException>(() => Read(options)).Message.ShouldContain(option);

    [Fact]
    public void Read_ToolModeNone_LeavesToolsOut_AndAnEmptyFactoryIsFine()
    {
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => 1, "one")], ToolMode = ChatToolMode.None, RawRepresentationFactory = _ => null };

        Read(options).Tools.ShouldBeEmpty();
        options.ToolMode = ChatToolMode.Auto;
        Read(options).Tools.Single().Name.ShouldBe("one");
    }

    [Fact]
    public void Read_NoMessages_IsRefused() => Should.Throw<InvalidOptionException>(() => new RequestReader(new()).Read([], null, null!));

    private static ChatRequest Read(ChatOptions? options) => new RequestReader(new PeftChatClientOptions()).Read(s_hello, options, null!);

    private static ChatOptions With(string name, object value) => new() { AdditionalProperties = new() { [name] = value } };

    private static object Plain(string json)
    {
        JsonElement element = JsonSerializer.Deserialize<JsonElement>(json);
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.GetDouble(),
            JsonValueKind.Array => element.EnumerateArray().Select(e => e.GetString()),
            JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value.GetSingle()),
            _ => element.GetString()!,
        };
    }

    private static IEnumerable<string> Endless()
    {
        while (true)
        {
            yield return "x";
        }
    }
}
