using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Connectors.Answers;

namespace SkPeft.Connectors.Tests;

public class ToolCallSplitterTests
{
    private const string Call = """<tool_call>{"name": "weather_today", "arguments": {"city": "Ulm", "days": [1, 2]}}</tool_call>""";

    [Fact]
    public void Push_ACall_IsTakenOutOfTheText()
    {
        (string text, ToolCallSplitter splitter) = Run(["Let me look.\n" + Call + "\n" + Call.Replace("Ulm", "Bonn")]);

        text.ShouldBe("Let me look.\n");
        splitter.Calls.Select(c => c.Name).ShouldBe(["weather_today", "weather_today"]);
        splitter.Calls.Select(c => c.CallId).ShouldBe(["id-0", "id-1"]);
        ((JsonElement)splitter.Calls[1].Arguments!["city"]!).GetString().ShouldBe("Bonn");
    }

    [Theory]
    [InlineData("a < b <tool")]
    [InlineData("<tool_call>{\"name\": 1}</tool_call> tail")]
    [InlineData("<tool_call>not json</tool_call>")]
    [InlineData("<tool_call>{\"name\": \"cut off\"")]
    [InlineData("")]
    public void Push_WhatIsNoCall_StaysText(string text)
    {
        (string shown, ToolCallSplitter splitter) = Run([text]);

        shown.ShouldBe(text);
        splitter.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void Push_HoweverTheTextIsCut_TheResultIsTheSame()
    {
        string answer = $"One <tool {Call} two <tool_call>x</tool_call>{Call}<";
        (string whole, ToolCallSplitter expected) = Run([answer]);

        Prop.ForAll(Gen.ListOf(Gen.Choose(0, answer.Length)).ToArbitrary(), cuts =>
        {
            int[] at = [0, .. cuts.Order(), answer.Length];
            (string text, ToolCallSplitter splitter) = Run(at.Zip(at.Skip(1), (a, b) => answer[a..b]));
            return text == whole && splitter.Calls.Count == expected.Calls.Count;
        }).QuickCheckThrowOnFailure();
    }

    private static (string Text, ToolCallSplitter Splitter) Run(IEnumerable<string> pieces)
    {
        ToolCallSplitter splitter = new("id-");
        string text = string.Concat(pieces.Select(splitter.Push)) + splitter.Flush();
        return (text, splitter);
    }
}
