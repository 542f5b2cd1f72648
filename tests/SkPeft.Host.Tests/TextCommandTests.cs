using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary><c>tokenize</c> and <c>render</c>.</summary>
public class TextCommandTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Tokenize_TakesWhatJsonCanSay()
    {
        string input = tiny.Write("strings.json", """["", "x<|im_end|>", "\ud83d\ude00", "a\ud800\u0000\"\\", "\ud800\t"]""");

        JsonElement[] found = [.. (await ToolRun.JsonOfAsync("tokenize", tiny.Model, "--input", input)).EnumerateArray()];

        found[0].GetRawText().ShouldBe("""{"ids":[],"decoded":""}""");
        Ids(found[1]).ShouldBe(['x', TinyLlama.TurnEnd]);
        found[1].GetProperty("decoded").GetString().ShouldBe("x<|im_end|>");
        Ids(found[2]).ShouldBe([0xF0, 0x9F, 0x98, 0x80]);
        found[2].GetProperty("decoded").GetString().ShouldBe("😀");
        Ids(found[3]).ShouldBe(['a', 0xEF, 0xBF, 0xBD, 0, '"', '\\']);
        Ids(found[4]).ShouldBe([0xEF, 0xBF, 0xBD, '\t']);
    }

    [Fact]
    public async Task Tokenize_RefusesWhatIsNoListOfStrings()
    {
        await ToolRun.FailsAsync(1, ["tokenize", tiny.Model, "--input", tiny.Write("s.json", "[\"a\", 1]"), "--json"], "[1]", "a string");
        await ToolRun.FailsAsync(1, ["tokenize", tiny.Model, "--input", tiny.Write("s.json", "{}"), "--json"], "an array of strings");
        await ToolRun.FailsAsync(1, ["tokenize", tiny.Model, "--input", tiny.Write("s.json", "[\n\"a\",,]"), "--json"], "line 2");
    }

    [Fact]
    public async Task Render_PrintsTheText_AndNothingElse()
    {
        string template = tiny.Write("t.jinja", "{{ bos_token }}{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}{{ strftime_now('%Y-%m-%d %H') }}{% if tools %}{{ tools | length }}{% endif %}{% if add_generation_prompt %}>{% endif %}");
        string messages = tiny.Write("m.json", """[{"role": "user", "content": "é <x>"}]"""), tools = tiny.Write("tools.json", "[{}, {}]");
        string[] args = ["render", template, "--messages", messages, "--bos", "<s>", "--eos", "</s>", "--now", "2026-11-22T10:00:00"];

        (await ToolRun.OfAsync(args)).ShouldBe(new ToolRun(0, "<s>é <x></s>2026-11-22 10>", ""));
        (await ToolRun.OfAsync([.. args, "--tools", tools, "--no-generation-prompt"])).ShouldBe(new ToolRun(0, "<s>é <x></s>2026-11-22 102", ""));
    }

    [Fact]
    public async Task Render_ReadsMessagesAsPythonDoes()
    {
        string template = tiny.Write("t.jinja", "{{ messages[0] | tojson }}");
        string messages = tiny.Write("m.json", """[{"role": "user", "content": "gone", "n": 1.50, "x": [null, true, "\ud800"], "content": "last"}]""");

        (await ToolRun.OfAsync("render", template, "--messages", messages)).Out.ShouldBe("""{"role": "user", "content": "last", "n": 1.5, "x": [null, true, "�"]}""");
        await ToolRun.FailsAsync(1, ["render", template, "--messages", tiny.Write("m.json", """[{"\ud800": 1}]""")], "m.json", "JSON");
    }

    [Fact]
    public async Task Render_TakesTheModelsOwnTemplate()
    {
        string messages = tiny.Write("m.json", """[{"role": "user", "content": "hi"}]""");

        (await ToolRun.OfAsync("render", tiny.Model, "--messages", messages)).Out.ShouldBe("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
    }

    [Fact]
    public async Task Render_ATemplateThatRaises_IsAnError()
    {
        string messages = tiny.Write("m.json", "[]");

        await ToolRun.FailsAsync(1, ["render", tiny.Write("t.jinja", "before\n{{ raise_exception('roles must alternate') }}"), "--messages", messages], "line 2", "roles must alternate");
        await ToolRun.FailsAsync(1, ["render", tiny.Write("t.jinja", "{% if %}"), "--messages", messages], "t.jinja");
        await ToolRun.FailsAsync(1, ["render", tiny.Write("t.jinja", "x"), "--messages", tiny.Write("m.json", "[1]")], "messages[0]");
    }

    private static int[] Ids(JsonElement entry) => [.. entry.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32())];
}
