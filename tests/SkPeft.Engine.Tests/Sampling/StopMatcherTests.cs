using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Sampling;

public sealed class StopMatcherTests
{
    [Theory]
    [InlineData("END", "a E|N|D b", "a ")]
    [InlineData("END", "a EN|ERGY", "a ENERGY")]
    [InlineData("END", "ENEND", "EN")]
    [InlineData("aab", "aaa|ab|c", "aa")]
    [InlineData("ab,abc", "x|a|b|c", "x")]
    [InlineData("abc,ab", "xabc", "x")]
    [InlineData("abcd,bc", "abcd", "a")]
    [InlineData("abcd,bc", "a|b|c|d", "a")]
    [InlineData("xbc,bc", "axbc", "a")]
    [InlineData("\n\n", "one\n|two\n|\nthree", "one\ntwo")]
    [InlineData("é", "cafe\u0301 caf|é", "cafe\u0301 caf")]
    [InlineData("", "all of it", "all of it")]
    [InlineData("stop", "", "")]
    public void Text_IsCutAtTheStopThatIsCompleteFirst(string stops, string pieces, string expected) =>
        Feed(stops.Split(','), pieces.Split('|')).ShouldBe(expected);

    [Fact]
    public void WhatMayBecomeAStop_IsHeldBack_AndShownWhenItCannot()
    {
        StopMatcher matcher = new(["</end>"]);
        matcher.Push("a </e").ShouldBe("a ");
        matcher.Push("n").ShouldBe("");
        matcher.Push("x").ShouldBe("</enx");
        matcher.Push("</end").ShouldBe("");
        matcher.Flush().ShouldBe("</end");
        matcher.Stopped.ShouldBeFalse();
    }

    [Fact]
    public void AfterTheStop_NothingIsShown()
    {
        StopMatcher matcher = new(["#"]);
        matcher.Push("a#b").ShouldBe("a");
        matcher.Stopped.ShouldBeTrue();
        matcher.Push("c").ShouldBe("");
        matcher.Flush().ShouldBe("");
    }

    [Fact]
    public void AnyTextInAnyPieces_IsCutAtTheFirstStop()
    {
        Gen<string> text = Gen.Elements("abc".ToCharArray()).ArrayOf().Select(letters => new string(letters));
        Gen<string[]> stops = Gen.Choose(0, 3).SelectMany(n => text.Select(s => s.Length > 4 ? s[..4] : s).ArrayOf(n));
        Gen<(string Text, string[] Stops, int Seed)> cases =
            from t in text.Two()
            from s in stops
            from seed in Gen.Choose(0, int.MaxValue)
            select (t.Item1 + t.Item2, s, seed);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(17, 19), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            string expected = Cut(c.Text, c.Stops);
            Feed(c.Stops, Pieces(c.Text, new Random(c.Seed))).ShouldBe(expected);
        }));
    }

    private static string Feed(IEnumerable<string> stops, IEnumerable<string> pieces)
    {
        StopMatcher matcher = new(stops);
        string shown = "";
        foreach (string piece in pieces)
        {
            shown += matcher.Push(piece);
        }

        return shown + matcher.Flush();
    }

    // The plain definition: the shortest beginning of the text that ends with a stop, without the longest such stop.
    private static string Cut(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string[] hit = [.. stops.Where(s => s.Length > 0 && text[..end].EndsWith(s, StringComparison.Ordinal))];
            if (hit.Length > 0)
            {
                return text[..(end - hit.Max(s => s.Length))];
            }
        }

        return text;
    }

    private static IEnumerable<string> Pieces(string text, Random random)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = random.Next(0, Math.Min(4, text.Length - at) + 1);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
