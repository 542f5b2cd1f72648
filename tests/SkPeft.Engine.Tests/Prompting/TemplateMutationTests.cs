using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Prompting;

namespace SkPeft.Engine.Tests.Prompting;

/// <summary>Damaged templates end in a prompt or in a <see cref="TemplateException"/>, and always end.</summary>
public sealed class TemplateMutationTests
{
    private const string Source =
        "{%- set ns = namespace(found=false) -%}{%- macro show(m, pad=2) -%}{{ m['role'] ~ ':' ~ m.content|trim|indent(pad) }}{%- endmacro -%}" +
        "{%- for m in messages if m.role != 'x' -%}{%- if loop.first and m['content'][:1] == ' ' -%}{%- set ns.found = true -%}{%- endif -%}" +
        "{{ show(m, pad=loop.index * 2) }}{{ '\\n' if not loop.last else '' }}{%- else -%}{{ raise_exception('empty') }}{%- endfor -%}" +
        "{{ messages|map(attribute='role')|unique|list|tojson(indent=2) }}{{ [1, 2.5, none][-1:] }}{{ '%s' % (ns.found,) }}";

    private static readonly string[] s_pieces =
        ["{{", "}}", "{%", "%}", "-%}", "{%-", "(", ")", "[", "]", "'", "\"", "|", "~", "**", "//", "for", "endfor", "if", "set", "=", ".", ",", ":", "10**9", "range(", "*", "-1", "\\", "{#", "#}", "loop", "caller()", "\ud800"];

    [Fact]
    public void Render_MutatedTemplate_NeverDoesAnythingElse()
    {
        Gen<(int At, int Cut, int Piece)[]> edits = Gen.ArrayOf(
            from at in Gen.Choose(0, Source.Length) from cut in Gen.Choose(0, 12) from piece in Gen.Choose(0, s_pieces.Length) select (at, cut, piece));
        Prop.ForAll(edits.ToArbitrary(), Survives).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20260101, 7));
    }

    private static bool Survives((int At, int Cut, int Piece)[] edits)
    {
        string source = Source;
        foreach ((int at, int cut, int piece) in edits.Take(6))
        {
            int start = Math.Min(at, source.Length);
            int end = Math.Min(start + cut, source.Length);
            source = source[..start] + (piece < s_pieces.Length ? s_pieces[piece] : "") + source[end..];
        }

        try
        {
            ChatTemplate template = ChatTemplate.Parse(source, "mutated", new ChatTemplateLimits(MaxSteps: 50_000, MaxOutputChars: 50_000));
            _ = template.Render(new ChatTemplateInput { Messages = [new JsonObject { ["role"] = "user", ["content"] = " a\nb" }, new JsonObject { ["role"] = "x" }] });
        }
        catch (TemplateException)
        {
        }

        return true;
    }
}
