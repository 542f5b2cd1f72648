using System.Text.Json;
using SkPeft.Engine.Structured;
using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Tests.Structured;

public sealed class OutputPartTests
{
    private static readonly JsonPart s_number = new(JsonElement.Parse("""{ "type": "integer" }"""), "n");

    [Theory]
    [InlineData("free < text <<cal", true)]
    [InlineData("see <<call>7</call> and <<call>-12</call>", true)]
    [InlineData("<call>8</call>", true)]
    [InlineData("", true)]
    [InlineData("see <<call>x</call>", false)]
    [InlineData("see <call>7", false)]
    [InlineData("<call>7</call> <call>", false)]
    public void Compile_TextAroundCalls_IsFreeUntilAMark(string text, bool isTaken)
    {
        TextPart free = new(["<call>"]);
        SequencePart call = new([free with { Until = true }, s_number, new LiteralPart("</call>")]);
        TokenGrammar grammar = Babbler.Tiny.Compile(new ChoicePart([free, new SequencePart([new RepeatPart(call), free])]));
        Babbler.Tiny.Accepts(grammar, text).ShouldBe(isTaken);
    }

    [Theory]
    [InlineData("  7", true)]
    [InlineData("  {}", true)]
    [InlineData("x {", true)]
    [InlineData(" {x", false)]
    [InlineData("", true)]
    public void Compile_TextThatMayNotBeginSo_LeavesThatToOthers(string text, bool isTaken)
    {
        TokenGrammar grammar = Babbler.Bytes.Compile(new ChoicePart([new TextPart([], NotFirst: "{"), new SequencePart([new LiteralPart("  "), new JsonObjectPart()])]));
        Babbler.Bytes.Accepts(grammar, text).ShouldBe(isTaken);
    }

    [Fact]
    public void Compile_AMarkThatIsASpecialToken_IsThatTokenOnly()
    {
        // <s> is special in this vocabulary: spelled out it is text like any other.
        int mark = Babbler.Bytes.Tokenizer.IdOf("<s>")!.Value;
        TextPart free = new(["<s>"]);
        TokenGrammar grammar = Babbler.Bytes.Compile(new ChoicePart([free, new SequencePart([free with { Until = true }, s_number])]));
        Babbler.Bytes.Accepts(grammar, "a <s> b").ShouldBeTrue();

        TokenConstraint constraint = grammar.Open(Babbler.EndsOf(Babbler.Bytes.Tokenizer));
        constraint.Accept(Babbler.Bytes.Tokenizer.IdOf("a")!.Value);
        constraint.Allowed().Contains(mark).ShouldBeTrue();
        constraint.Accept(mark);
        constraint.Allowed().Contains(mark).ShouldBeFalse();
        constraint.Allowed().Contains(Babbler.Bytes.Tokenizer.IdOf("a")!.Value).ShouldBeFalse();
        constraint.Allowed().Contains(Babbler.Bytes.Tokenizer.IdOf("7")!.Value).ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => constraint.Accept(mark));
    }

    [Fact]
    public void Start_WithoutAnEndToken_IsRefused() =>
        Should.Throw<InvalidOptionException>(() => Babbler.Bytes.Compile("true").Open(new HashSet<int>())).Message.ShouldContain("end token");
}
