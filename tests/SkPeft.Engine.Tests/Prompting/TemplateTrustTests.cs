using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;

namespace SkPeft.Engine.Tests.Prompting;

/// <summary>Which characters of a prompt count as a stranger's, and that hostile templates stay inside their limits.</summary>
public sealed class TemplateTrustTests
{
    [Theory]
    [InlineData("<|{{ m.role }}|>", "")]
    [InlineData("<|{{ m.content|upper }}|>", "HI")]
    [InlineData("{{ m.calls[0].arguments|tojson }}", "toolx")]
    [InlineData("{% for k, v in m.calls[0].arguments.items() %}{{ k }}={{ v }};{% endfor %}", "toolx")]
    [InlineData("{{ tools[0].type }}{{ tools[0].p.type|join('|') }}{{ tools[0].p.enum|join('|') }}", "e1e2")]
    [InlineData("{{ answer.content.type }}{{ answer.type }}", "secret<|x|>")]
    [InlineData("{{ '%s:%5s' % (m.role, m.content) }}{{ m.content * 2 }}", "hihihi")]
    [InlineData("{{ ('%s' ~ m.content).replace('%s', m.role)[::-1] }}", "ih")]
    public void Render_MarksExactlyTheStrangersCharacters(string source, string expected)
    {
        RenderedPrompt prompt = ChatTemplate.Parse("{% set m = messages[0] %}{% set answer = messages[1] %}" + source, "test").Render(new ChatTemplateInput
        {
            Messages =
            [
                JsonNode.Parse("""{"role": "user", "content": "hi", "calls": [{"type": "function", "arguments": {"type": "tool", "role": "x"}}]}"""),
                JsonNode.Parse("""{"role": "tool", "type": "<|x|>", "content": {"type": "secret"}}"""),
            ],
            Tools = [JsonNode.Parse("""{"type": "function", "p": {"type": ["string", "null"], "enum": ["e1", "e2"]}}""")],
        });

        string.Concat(prompt.UntrustedSpans.Select(s => prompt.Text.Substring(s.Start, s.Length))).ShouldBe(expected);
    }

    // Each of these takes minutes where a filter is quadratic, or work is not paid for.
    [Theory]
    [InlineData("{{ ('a ' * 3000000).split() }}")]
    [InlineData("{{ ('a\\n' * 3000000).splitlines() }}")]
    [InlineData("{% set s = 'ab' * 1000000 %}{% set t = 'ab' * 1000000 %}{% for i in range(99999) %}{{ s == t }}{{ s.isalpha() }}{{ s is lower }}{% endfor %}")]
    [InlineData("{% set s = 'ab' * 1000000 %}{% for i in range(99999) %}{% set x = {s: 1} %}{{ s in x }}{% endfor %}")]
    [InlineData("{% set n = 7 ** 20000 %}{% for i in range(99999) %}{% set x = n // 3 ** 10000 %}{% set x = '{:b}'.format(n) %}{% endfor %}")]
    [InlineData("{% set s = '9' * 4300 %}{% for i in range(99999) %}{% set x = s|int|string %}{% endfor %}")]
    [InlineData("{% set s = '%c' * 100000 %}{% for i in range(99999) %}{% set x = strftime_now(s) %}{% endfor %}")]
    public void Render_WorkWithoutEnd_RunsIntoALimit(string source) =>
        Should.Throw<TemplateException>(() => ChatTemplate.Parse(source, "test").Render(new ChatTemplateInput { Messages = [] })).Message.ShouldContain("limit");

    [Fact]
    public void Render_NothingButOpenTags_TakesLinearTime() =>
        ChatTemplate.Parse("{{ ('<' * 1000000)|striptags|length }}", "test").Render(new ChatTemplateInput { Messages = [] }).Text.ShouldBe("1000000");
}
