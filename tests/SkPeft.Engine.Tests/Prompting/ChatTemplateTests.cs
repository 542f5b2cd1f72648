using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;

namespace SkPeft.Engine.Tests.Prompting;

/// <summary>Small templates with expectations worked out by hand from Jinja's and Python's documentation.</summary>
public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ 2 ** 10 }} {{ 7 / 2 }} {{ 1.0 }} {{ 1e16 }}", "3 -4 -2 1024 3.5 1.0 1e+16")]
    [InlineData("{{ none }} {{ true }} {{ [1, 'a', none, \"it's\"] }} {{ {'k': (1,)} }}", "None True [1, 'a', None, \"it's\"] {'k': (1,)}")]
    [InlineData("{{ 'abcdef'[1:-1:2] }} {{ 'abc'[::-1] }} {{ [1,2,3][-1] }}", "bd cba 3")]
    [InlineData("{{ 'a-b-c'.split('-', 1) }} {{ ' x '.strip() }}| {{ 'aXbX'.replace('X', '-', 1) }}", "['a', 'b-c'] x| a-bX")]
    [InlineData("{% for x in [1,2,3] %}{{ loop.index }}/{{ loop.length }}{{ ',' if not loop.last }}{% endfor %}", "1/3,2/3,3/3")]
    [InlineData("{% for x in range(9) %}{% if x == 2 %}{% continue %}{% endif %}{% if x > 3 %}{% break %}{% endif %}{{ x }}{% endfor %}", "013")]
    [InlineData("{% set ns = namespace(n=0) %}{% for x in [1,2] %}{% set ns.n = ns.n + x %}{% set y = x %}{% endfor %}{{ ns.n }}{{ y is defined }}", "3False")]
    [InlineData("{% macro m(a, b='B') %}[{{ a }}{{ b }}{{ caller() if caller is defined else '' }}]{% endmacro %}{{ m('x') }}{{ m('x', b=1) }}", "[xB][x1]")]
    [InlineData("{% macro m() %}<{{ caller('in') }}>{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}", "<in>")]
    [InlineData("a\n  {%- if true -%}  b  {%- endif %}\n c", "ab c")]
    [InlineData("  {% if true %}\nline\n  {% endif %}\nend", "line\nend")]
    [InlineData("{% set x %}text{% endset %}{{ x|upper }}{% filter upper %}abc{% endfilter %}", "TEXTABC")]
    [InlineData("{{ {'b': 1, 'a': [1.5, none, true, 'é\"\\n']}|tojson }}", "{\"b\": 1, \"a\": [1.5, null, true, \"é\\\"\\n\"]}")]
    [InlineData("{{ [{'r': 'a'}, {'r': 'b'}]|selectattr('r', 'equalto', 'b')|list|length }}{{ [3,1,2]|sort|join('-') }}{{ ['x']|first }}", "11-2-3x")]
    [InlineData("{{ '%s has %03d and %.2f' % ('x', 7, 2.345) }} {{ '{0}-{k:>4}'.format(1, k='z') }}", "x has 007 and 2.35 1-   z")]
    [InlineData("{{ undefined_name }}{{ undefined_name is defined }}{{ undefined_name|default('d') }}", "Falsed")]
    [InlineData("{% generation %}x{% endgeneration %}{# note #}{% raw %}{{ y }}{% endraw %}", "x{{ y }}")]
    [InlineData("{{ 'a' in 'cat' }} {{ 1 < 2 < 3 }} {{ 'x' ~ 1 ~ none }} {{ not false and 1 or 2 }}", "True True x1None 1")]
    [InlineData("{{ strftime_now('%d %b %Y') }} {{ messages[0].role }} {{ messages[0]['content'] }}", "22 Nov 2026 user hi")]
    public void Render_Snippet_PrintsWhatPythonWould(string source, string expected) => Render(source).Text.ShouldBe(expected);

    [Theory]
    [InlineData("{{ raise_exception('no such role') }}", "no such role")]
    [InlineData("line\n{{ nothing.field }}", "line 2")]
    [InlineData("{{ [].append(1) }}", "append")]
    [InlineData("{{ ''.__class__.__mro__ }}", "unsafe")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{{ 'a' * 1000000000 }}", "characters")]
    [InlineData("{{ range(10**9) }}", "Range too big")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{% include 'x' %}", "include")]
    [InlineData("{{ 1 / 0 }}", "ZeroDivisionError")]
    public void Render_BadTemplate_SaysWhatAndWhere(string source, string expected) =>
        Should.Throw<TemplateException>(() => Render(source)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("{% if x %}")]
    [InlineData("{{ 1 + }}")]
    [InlineData("{% unknown %}")]
    [InlineData("{{ 'open }}")]
    [InlineData("{{ x|nofilter }}")]
    [InlineData("{% break %}")]
    public void Parse_BadSource_IsATemplateException(string source) => Should.Throw<TemplateException>(() => ChatTemplate.Parse(source, "t"));

    [Fact]
    public void Parse_NestedTooDeeply_IsAnErrorNotACrash() =>
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("{{ " + new string('(', 200_000) + "1" + new string(')', 200_000) + " }}", "t"));

    [Fact]
    public void Render_MarksWhatAStrangerWrote_ThroughTrimAndConcatenation()
    {
        RenderedPrompt prompt = Render("<|start|>{{ message if message is defined else ('[' + messages[0].content|trim + ']')|upper }}<|end|>");

        prompt.Text.ShouldBe("<|start|>[HI]<|end|>");
        prompt.UntrustedSpans.ShouldBe([("<|start|>[".Length, 2)]);
    }

    private static RenderedPrompt Render(string source) => ChatTemplate.Parse(source, "test").Render(new ChatTemplateInput
    {
        Messages = [new JsonObject { ["role"] = "user", ["content"] = "hi" }],
        Now = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
    });
}
