using SkPeft.Engine.Prompting;

namespace SkPeft.Engine.Tests.Prompting;

/// <summary>
/// Places where Jinja2 3.1 on Python is not what one would guess; each was found by rendering random templates with both. What is
/// expected is what Python's documentation, or Jinja2's, says.
/// </summary>
public sealed class PythonSemanticsTests
{
    [Theory]
    [InlineData("{{ none|selectattr('type', 'equalto', 'x')|list|length }}", "0")]
    [InlineData("{{ none|map('upper')|join }}{{ 0|select|list }}{{ false|rejectattr('a')|list }}", "[][]")]
    [InlineData("{{ ['b', 'a']|sort(attribute='nope')|join }}", "ba")]
    [InlineData("{{ ['<']|map('escape')|list }}{{ '<'|escape|list }}", "[Markup('&lt;')]['&', 'l', 't', ';']")]
    [InlineData("{{ ['x'|escape|replace('x', '<')] }}{{ ['x'|safe|indent] }}", "['<'][Markup('x')]")]
    [InlineData("{{ '<b>a &amp;\n b</b><!-- c -->&#33;'|striptags }}", "a & b!")]
    [InlineData("{{ [1, 2]|truncate(5, end='') }}", "[1, 2]")]
    [InlineData("{{ [1, 2]|slice(2, 'x')|list }}{{ [1, 2, 3]|slice(2, 'x')|list }}", "[[1, 'x'], [2, 'x']][[1, 2], [3, 'x']]")]
    [InlineData("{{ 'one two-three, a--b'|wordwrap(6) }}", "one\ntwo-\nthree,\na--b")]
    [InlineData("{{ 'abcdefgh ij'|wordwrap(3, wrapstring='|') }}", "abc|def|gh|ij")]
    [InlineData("{{ 'abcdefgh ij'|wordwrap(3, false) }}", "abcdefgh\nij")]
    [InlineData("{{ range(0)|urlencode }}{{ [['a b', 'ü/']]|urlencode }}{{ 3|urlencode }}", "a+b=%C3%BC%2F3")]
    [InlineData("{{ 'a-b \t-ccccc'|wordwrap(5) }}", "a-b \t\n-cccc\nc")]
    [InlineData("{{ '-1'|filesizeformat }}{{ '2000'|filesizeformat }}", "-1 Bytes2.0 kB")]
    public void Render_Filter_DoesAsJinja2(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("{{ '\u0661\u0662'|float }} {{ '\u0661\u0662'|int }} {{ '1_0'|int }} {{ '1__0'|int(7) }} {{ '1_0.5'|float }}", "12.0 12 10 7 10.5")]
    [InlineData("{{ '0x1f'|int(0, 16) }} {{ '12.7'|int(0, 16) }} {{ '\\\\'|int(3, 16) }} {{ 'inf'|int(4) }} {{ '-Infinity'|float }}", "31 12 3 4 -inf")]
    [InlineData("{{ 15|round(-1) }} {{ 25|round(-1) }} {{ -35|round(-1) }}", "20 20 -40")]
    [InlineData("{{ (-0.5)|round(0, 'ceil') }}", "0.0")]
    [InlineData("{{ 12345678901234568890 + 0.0 }} {{ 3 / 10 ** 100 }} {{ 9007199254740993 / 1 }}", "1.234567890123457e+19 3e-100 9007199254740992.0")]
    [InlineData("{{ range(5, 0, -2)[-2:0:] }} {{ range(5, 0, -2)[:none:3] }}", "range(3, 5, -2) range(5, -1, -6)")]
    [InlineData("{{ '%d' is divisibleby(3) }}{{ true.real }}", "False1")]
    public void Render_Number_IsPythons(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("{{ '{:z.0f}'.format(-0.3) }} {{ '{:.2}'.format(1.0) }} {{ '{:.3}'.format(123.0) }} {{ '{:#.0f}'.format(3.0) }} {{ '{:#g}'.format(1.0) }}", "0 1.0 1.23e+02 3. 1.00000")]
    [InlineData("{{ '{:08,}'.format(1234) }} {{ '{:04,}'.format(1) }} {{ '{:_x}'.format(1048575) }} {{ '{:010,.1f}'.format(-1234.5) }}", "0,001,234 0,001 f_ffff -001,234.5")]
    [InlineData("{{ '{:c}{:05}{:é>3}'.format(65, 'a', 'b') }}", "Aa0000éé" + "b")]
    [InlineData("{{ '{0!a} {0!r:>6}'.format('é') }} {{ '{0[a:b]}'.format({'a:b': 1}) }}", "'\\xe9'    'é' 1")]
    [InlineData("{{ '%#010x|%#.0f|%a|%(k(1))s' % {'k(1)': 'v'} if false else '%#010x|%#.0f|%a' % (-255, 1.0, 'é') }}", "-0x00000ff|1.|'\\xe9'")]
    [InlineData("{{ '%(k(1))s' % {'k(1)': 'v'} }}{{ 'x' % nothing }}{{ 'y' % [1] }}", "vxy")]
    public void Render_Format_IsPythons(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("{{ 'Ab Cd'.istitle() }}{{ 'AB'.istitle() }}{{ '1'.istitle() }}{{ '\u00bd'.isidentifier() }}", "TrueFalseFalseFalse")]
    [InlineData("{{ 'a b c '.split(none, 1) }}{{ ' a b'.rsplit(none, 1) }}", "['a', 'b c '][' a', 'b']")]
    [InlineData("{{ 'straße \ufb01'.upper() }} {{ 'ß'.title() }} {{ 'ßa'.casefold() }} {{ '\u0130'.lower()|length }}", "STRASSE FI Ss ssa 2")]
    public void Render_StringMethod_IsPythons(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("{% for x in [1, 2] %}{% if loop.first %}{% break %}{% endif %}{% else %}none finished{% endfor %}", "none finished")]
    [InlineData("{% for x in [1, 2] %}{{ x }}{% continue %}{% else %}none finished{% endfor %}", "12none finished")]
    [InlineData("{% for x in [1, 2] %}{{ x }}{% if loop.last %}{% break %}{% endif %}{% else %}never{% endfor %}", "12")]
    [InlineData("{% for a, b in [['x', 1], ['y', 2]] if b %}{{ loop.nextitem|default('-') }}{% endfor %}", "('y', 2)-")]
    [InlineData("{% for a, b in [['x', 1], ['y', 2]] %}{{ loop.nextitem|default('-') }}{% endfor %}", "['y', 2]-")]
    [InlineData("{% macro m(a, b=1) %}{% endmacro %}{{ m.arguments }}", "('a', 'b')")]
    [InlineData("{{ 1|nofilter if false else 2 }}{{ 1 if true else 2 is notest }}{% for in in 'ab' %}{{ in }}{% endfor %}", "21ab")]
    [InlineData("{% generation %}{{ varargs }}{{ kwargs }}{{ caller is defined }}{% endgeneration %}", "(){}False")]
    public void Render_Statement_DoesAsJinja2(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("{% for a, in [[1]] %}{% endfor %}")]
    [InlineData("{{ dict(nothing) }}")]
    [InlineData("{{ nothing|int }}")]
    [InlineData("{{ nothing|float(1.5) }}")]
    [InlineData("{{ (1e308 * 10)|int }}")]
    [InlineData("{{ '%d' % (1e308 * 10) }}")]
    [InlineData("{{ '%5%' % () }}")]
    [InlineData("{{ '%(a)s %s' % {'a': 1} }}")]
    [InlineData("{{ '{:d}'.format(2.5) }}")]
    [InlineData("{{ '{:s}'.format(3) }}")]
    [InlineData("{{ '{:,}'.format('text') }}")]
    [InlineData("{{ '{0}{}'.format(1, 2) }}")]
    [InlineData("{{ '{}{0}'.format(1, 2) }}")]
    [InlineData("{{ '{[0]}'.format([1]) }}")]
    [InlineData("{{ ['a']|urlencode }}")]
    [InlineData("{{ true|truncate }}")]
    [InlineData("{{ 12|indent }}")]
    [InlineData("{{ 1.5|wordwrap }}")]
    [InlineData("{{ [] is filter }}")]
    [InlineData("{% filter length %}three{% endfilter %}")]
    [InlineData("{% macro m() %}{% block b %}{{ varargs }}{% endblock %}{% endmacro %}{{ m(1) }}")]
    public void Render_WhatPythonRefuses_IsATemplateException(string source) => Should.Throw<TemplateException>(() => Render(source));

    private static string Render(string source) => ChatTemplate.Parse(source, "test").Render(new ChatTemplateInput { Messages = [] }).Text;
}
