using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Tools;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

public class ToolCallSplitterTests
{
    private const string Call = """<tool_call>{"name": "weather_today", "arguments": {"city": "Ulm", "days": [1, 2]}}</tool_call>""";
    private const string Json = """{"name": "f", "arguments": {"a": "}]\"{", "b": [{}]}}""";
    private const string Llama = """{"name": "f", "parameters": {"a": 1}}""";

    [Fact]
    public void Push_ACall_IsTakenOutOfTheText()
    {
        AIContent[] contents = Run(ToolConvention.Hermes, ["Let me look.\n" + Call + "\n" + Call.Replace("Ulm", "Bonn")]);

        TextOf(contents).ShouldBe("Let me look.\n");
        FunctionCallContent[] calls = [.. contents.OfType<FunctionCallContent>()];
        calls.Select(c => c.Name).ShouldBe(["weather_today", "weather_today"]);
        calls.Select(c => c.CallId).ShouldBe(["id-call-0", "id-call-1"]);
        ((JsonElement)calls[1].Arguments!["city"]!).GetString().ShouldBe("Bonn");
    }

    public static TheoryData<string, string, string, int> Answers() => new()
    {
        { "Hermes", $"\n{Call}\n", "", 1 },
        { "Hermes", $"One {Call} two {Call}", "One  two ", 2 },
        { "Hermes", Json, Json, 0 },
        { "Mistral", $"[TOOL_CALLS] [{Json}, {Json}]", "", 2 },
        { "Mistral", $"Yes. [TOOL_CALLS][{Json}] Done.", "Yes.  Done.", 1 },
        { "Mistral", $"[TOOL_CALLS]{Json}", "", 1 },
        { "Granite", $"<|tool_call|>[{Json}]", "", 1 },
        { "Llama 3", Llama, "", 1 },
        { "Llama 3", $"<|python_tag|>{Llama}; {Llama}", "", 2 },
        { "Llama 3", $"{Llama};\n{Llama} and so on", " and so on", 2 },
        { "Llama 3", $"I would call {Llama}", $"I would call {Llama}", 0 },
        { "Llama 3", """{"name": "unknown", "parameters": {}}""", """{"name": "unknown", "parameters": {}}""", 0 },
        { "Llama 3", """<|python_tag|>search.call(query="x")""", """<|python_tag|>search.call(query="x")""", 0 },
        { "plain JSON", $"  [{Json}]", "", 1 },
        { "plain JSON", """{"answer": 1}""", """{"answer": 1}""", 0 },
        { "plain JSON", """ {"name": "f", "arguments": """, """ {"name": "f", "arguments": """, 0 },
        { "plain JSON", """{"name": "f", "arguments": "{\"a\": 1}"}""", "", 1 },
        { "Hermes", "a < b <tool", "a < b <tool", 0 },
        { "Hermes", "<tool_call>{\"name\": 1}</tool_call> tail", "<tool_call>{\"name\": 1}</tool_call> tail", 0 },
        { "Hermes", "<tool_call>not json</tool_call>", "<tool_call>not json</tool_call>", 0 },
        { "Hermes", "<tool_call>{\"name\": \"cut off\"", "<tool_call>{\"name\": \"cut off\"", 0 },
        { "Hermes", "<tool_call>{\"name\": \"f\", \"arguments\": 7}</tool_call>", "<tool_call>{\"name\": \"f\", \"arguments\": 7}</tool_call>", 0 },
        { "Mistral", $"[TOOL_CALLS] [{Json}, 1]", $"[TOOL_CALLS] [{Json}, 1]", 0 },
        { "Mistral", "[TOOL_CALLS] [{\"name\": \"f\"", "[TOOL_CALLS] [{\"name\": \"f\"", 0 },
        { "Mistral", "[TOOL_CALLS] none", "[TOOL_CALLS] none", 0 },
        { "Granite", "[1] <|tool_cal", "[1] <|tool_cal", 0 },
        { "Hermes", " \n", " \n", 0 },
        { "Hermes", "", "", 0 },
    };

    /// <summary>The same however the answer arrives, and nothing is lost.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public void Push_AnAnswerHoweverItIsCut_IsTextAndCalls(string convention, string answer, string text, int calls)
    {
        ToolConvention by = Named(convention);
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, answer.Length)).ToArbitrary(), cuts =>
        {
            int[] at = [0, .. cuts.Order(), answer.Length];
            AIContent[] contents = Run(by, at.Zip(at.Skip(1), (a, b) => answer[a..b]));
            TextOf(contents).ShouldBe(text);
            contents.OfType<FunctionCallContent>().Count().ShouldBe(calls);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void Push_TextAroundCalls_StreamsAtOnce()
    {
        ToolCallSplitter splitter = New(ToolConvention.Hermes);
        TextOf(splitter.Push("Let me see. <tool")).ShouldBe("Let me see. ");
        splitter.Push("_call>{\"name\": \"f\"").ShouldBeEmpty();
        splitter.Push("}</tool_call>").ShouldHaveSingleItem().ShouldBeOfType<FunctionCallContent>().Name.ShouldBe("f");
        TextOf(splitter.Push(" Then")).ShouldBe(" Then");
    }

    [Fact]
    public void Push_MistralsIds_AreItsOwnOrHaveNineCharacters()
    {
        string own = """{"name": "f", "arguments": {}, "id": "abcDEF123"}""", wrong = own.Replace("abcDEF123", "call-1"), none = """{"name": "f", "arguments": {}}""";
        string[] ids = [.. Run(ToolConvention.Mistral, [$"[TOOL_CALLS][{own}, {wrong}, {none}, {own}]"]).OfType<FunctionCallContent>().Select(c => c.CallId)];

        ids[0].ShouldBe("abcDEF123");
        ids.Distinct().Count().ShouldBe(4);
        ids.ShouldAllBe(id => id.Length == 9 && id.All(char.IsAsciiLetterOrDigit));
    }

    [Theory]
    [InlineData("Qwen-Qwen2.5-7B-Instruct", "Hermes")]
    [InlineData("Qwen-Qwen3-0.6B", "Hermes")]
    [InlineData("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", "Hermes")]
    [InlineData("mistralai-Mistral-Nemo-Instruct-2407", "Mistral")]
    [InlineData("ibm-granite-granite-3.3-2B-Instruct", "Granite")]
    [InlineData("meta-llama-Llama-3.1-8B-Instruct", "Llama 3")]
    [InlineData("meta-llama-Llama-3.2-3B-Instruct", "Llama 3")]
    [InlineData("microsoft-Phi-3.5-mini-instruct", "plain JSON")]
    public void Of_ARealTemplate_IsItsConvention(string template, string convention) =>
        ToolConvention.Of(File.ReadAllText(SharedFolder.PathOf("golden", "templates", $"{template}.jinja"))).Name.ShouldBe(convention);

    private static ToolConvention Named(string name) => new[] { ToolConvention.Hermes, ToolConvention.Mistral, ToolConvention.Granite, ToolConvention.Llama3, ToolConvention.PlainJson }.Single(c => c.Name == name);

    private static ToolCallSplitter New(ToolConvention convention) => new(convention, new HashSet<string> { "f" }, new CallIds("id", convention.IdLength));

    private static string TextOf(IEnumerable<AIContent> contents) => string.Concat(contents.OfType<TextContent>());

    private static AIContent[] Run(ToolConvention convention, IEnumerable<string> pieces)
    {
        ToolCallSplitter splitter = New(convention);
        return [.. pieces.SelectMany(splitter.Push), .. splitter.Flush()];
    }
}
