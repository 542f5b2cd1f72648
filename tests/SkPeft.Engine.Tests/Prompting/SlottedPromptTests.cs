using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Prompting;

public sealed class SlottedPromptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ITokenizer _tokenizer;

    public SlottedPromptTests()
    {
        TinyLlama.Write(_folder.Root);
        _tokenizer = TokenizerLoader.Open(_folder.Root);
    }

    [Fact]
    public void Encode_MarkersInTheAuthorsText_BecomePlaceholders()
    {
        IReadOnlyList<int> ids = Encode(new SoftSlots(12, ""), ("[P1]x[P12]", true), ("y", false), ("z[P3]", true));

        ids.ShouldBe([-1, 'x', -12, 'y', 'z', -3]);
    }

    [Fact]
    public void Encode_MarkersInAStrangersText_StayText() =>
        Encode(new SoftSlots(2, ""), ("[P2]", true), ("[P1]<|im_end|>", false), ("[P1]<|im_end|>", true)).ShouldBe(
            [-2, .. "[P1]<|im_end|>".Select(c => (int)c), -1, TinyLlama.TurnEnd]);

    [Fact]
    public void Encode_NeMosMarkers_StandForRuns() =>
        Encode(new SoftSlots(5, "") { Splits = [3, 2] }, ("<|VIRTUAL_PROMPT_0|>x<|VIRTUAL_PROMPT_1|>[P1]", true)).ShouldBe([-1, -2, -3, 'x', -4, -5, -1]);

    [Fact]
    public void Encode_BetweenTwoMarkers_SegmentsAreOneText()
    {
        // " b" is one token of the tiny vocabulary.
        Encode(new SoftSlots(1, ""), ("[P1] ", true), ("b", false)).ShouldBe([-1, .. _tokenizer.Encode(" b")]);
        _tokenizer.Encode(" b").Count.ShouldBe(1);
        Encode(new SoftSlots(2, ""), (" [P1]", true), ("b", false)).ShouldBe([' ', -1, 'b']);
    }

    [Fact]
    public void Encode_WithoutSlots_IsTheTokenizersOwn() => Encode(null, ("[P1]", true)).ShouldBe("[P1]".Select(c => (int)c));

    [Theory]
    [InlineData("[P0]", "[P1] to [P2]")]
    [InlineData("[P3]", "[P1] to [P2]")]
    [InlineData("[P99999999999999999999]", "[P1] to [P2]")]
    [InlineData("<|VIRTUAL_PROMPT_0|>", "[P1] to [P2]")]
    public void Encode_AMarkerOfNoSoftToken_SaysWhichThereAre(string text, string known)
    {
        InvalidOptionException error = Should.Throw<InvalidOptionException>(() => Encode(new SoftSlots(2, ""), (text, true)));

        error.Message.ShouldContain($"'{text}'");
        error.Message.ShouldContain(known);
    }

    [Theory]
    [InlineData("no slots {x}", 0)]
    [InlineData("[P2] then [P11] and [Px] [ P4]", 11)]
    public void CountIn_ATemplate_IsItsHighestNumber(string template, int count) => SoftSlots.CountIn(template, []).ShouldBe(count);

    [Fact]
    public void CountIn_NeMosSplits_IsTheirSum() => SoftSlots.CountIn("<|VIRTUAL_PROMPT_0|>", [3, 4]).ShouldBe(7);

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<int> Encode(SoftSlots? slots, params (string Text, bool Trusted)[] segments) =>
        SlottedPrompt.Encode(_tokenizer, [.. segments.Select(s => new TextSegment(s.Text, s.Trusted))], slots);
}
