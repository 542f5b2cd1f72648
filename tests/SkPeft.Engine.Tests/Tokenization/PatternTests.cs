using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Tokenization.Patterns;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class PatternTests
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Characters at which the published patterns decide, and some that a UTF-16 engine gets wrong.</summary>
    private static readonly string[] s_characters =
        ["a", "B", "z", "s", "S", "ſ", "t", "l", "L", "r", "e", "v", "d", "m", "'", "’", " ", " ", "\n", "\r", "\t", "\u00A0", "\u3000", "\u0085", "1", "9", "٣", "²", "Ⅷ", ".", "!", "_", "é", "\u0301", "東", "𝕏", "𐍈", "👍", "𝟙", "\u200D", "\uFFFD"];

    [Fact]
    public void Scanners_AnyText_CutAsThePublishedPatternsDo()
    {
        (string Pattern, WordScanner Scanner)[] pairs = [(Gpt2, WordScanner.Gpt2), (Llama3, WordScanner.Llama3), (Qwen2, WordScanner.Qwen2)];
        Gen<string> texts = Gen.Elements(s_characters).ListOf().Select(parts => string.Concat(parts));
        foreach ((string pattern, WordScanner scanner) in pairs)
        {
            PatternFinder engine = PatternFinder.Compile("test", "pattern", pattern);
            Prop.ForAll(texts.ToArbitrary(), text => Cut(text, scanner).SequenceEqual(Cut(text, engine)))
                .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(30).WithReplay(11, 13));
        }
    }

    [Theory]
    [InlineData("a+b", "aaab ab b", "aaab", "ab")]
    [InlineData("a*?b|c", "aab c", "aab", "c")]
    [InlineData("a++ab|a", "aaab", "a", "a", "a")]
    [InlineData("(?>a|ab)c", "abc ac", "ac")]
    [InlineData("(?i)ÄB", "äb Äb ÄB", "äb", "Äb", "ÄB")]
    [InlineData("x(?i:k)y", "xky xKy XKY", "xky", "xKy")]
    [InlineData("a(?!b)", "ab ac", "a")]
    [InlineData("(?<=b)a|(?<!.)c", "ba ca c", "a")]
    [InlineData("(?:ab){2,3}", "ab abab ababababab", "abab", "ababab", "abab")]
    [InlineData("a{,2}b", "aaab b", "aab", "b")]
    [InlineData("a{x}|{1", "a{x} {1", "a{x}", "{1")]
    [InlineData("[^a-c\\s]+", "abcd e-f", "d", "e-f")]
    [InlineData("[]x]+", "a]x", "]x")]
    [InlineData("[a-]+", "b-a", "-a")]
    [InlineData("[a[0-9]]+", "a1 b2", "a1", "2")]
    [InlineData("\\p{Lu}\\p{Ll}+", "Ab aB Éd", "Ab", "Éd")]
    [InlineData("\\P{L}+", "a1 b", "1 ")]
    [InlineData("\\p{^L}+", "a1 b", "1 ")]
    [InlineData("[\\p{P}\\p{S}]", "a+b!", "+", "!")]
    [InlineData("\\u6771|\\x{1F44D}", "東👍", "東", "👍")]
    [InlineData("\\s+$", "a  \n b  ", "  ", "  ")]
    [InlineData("^b", "b\nb ab", "b", "b")]
    [InlineData("\\bno\\b", "no note no", "no", "no")]
    [InlineData("[𝒜-𝒵]", "a𝒜", "𝒜")]
    [InlineData(".", "a\n👍", "a", "👍")]
    [InlineData("\\d\\w\\h", "1éf 2_G", "1éf")]
    public void TryFind_Patterns_MatchAsOnigurumaDocumentsThem(string pattern, string text, params string[] expected) =>
        Matches(pattern, text).ShouldBe(expected);

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("(?:a*)*")]
    [InlineData("(a)\\1")]
    [InlineData("\\p{Klingon}")]
    [InlineData("\\pL")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[a-z&&[^b]]")]
    [InlineData("(?<=a+)b")]
    [InlineData("a{2,1}")]
    [InlineData("a{5000}")]
    [InlineData("[b-a]")]
    [InlineData("\\q")]
    [InlineData("\\")]
    [InlineData("(?")]
    [InlineData("\\x{110000}")]
    [InlineData("((((a{900}){900}){900}){900})")]
    public void Compile_WhatIsNotUnderstood_IsRefusedWithItsText(string pattern)
    {
        UnsupportedModelException e = Should.Throw<UnsupportedModelException>(() => PatternFinder.Compile("t.json", "pre_tokenizer.pattern.Regex", pattern));
        e.Message.ShouldContain("t.json: pre_tokenizer.pattern.Regex");
        e.Message.ShouldContain(pattern);
    }

    [Fact]
    public void Compile_DeepNesting_IsRefused()
    {
        Should.Throw<UnsupportedModelException>(() => PatternFinder.Compile("t", "p", new string('(', 8000) + "a" + new string(')', 8000)));
        Should.Throw<UnsupportedModelException>(() => PatternFinder.Compile("t", "p", new string('[', 8000) + "a" + new string(']', 8000)));
        Should.Throw<UnsupportedModelException>(() => PatternFinder.Compile("t", "p", "a" + string.Concat(Enumerable.Repeat("{1}", 5000))));
        Should.Throw<UnsupportedModelException>(() => PatternFinder.Compile("t", "p", new string('a', 100_000)));
    }

    [Fact]
    public void TryFind_PatternThatExplodes_IsRefusedInsteadOfHanging() =>
        Should.Throw<UnsupportedModelException>(() => Matches("(?:a|a)+b|(?:aa|a)+c", new string('a', 60))).Message.ShouldContain("steps");

    [Fact]
    public void TryFind_LongRunBeforeAnAnchor_IsLinear() =>
        Matches("\\s+$", string.Concat(Enumerable.Repeat(new string(' ', 100_000) + "x", 5)) + " ").ShouldBe([" "]);

    [Fact]
    public void TryFind_AnyPattern_CompilesOrIsRefusedAndEnds()
    {
        string[] pieces = ["a", "b", "\\s", "\\p{L}", "(", ")", "(?:", "(?!", "(?=", "(?<=", "(?i:", "[", "]", "^", "-", "|", "*", "+", "?", "{1,2}", "{", "}", "$", ".", "\\", "👍"];
        Gen<string> patterns = Gen.Elements(pieces).ListOf().Select(p => string.Concat(p));
        Prop.ForAll(patterns.ToArbitrary(), pattern =>
        {
            try
            {
                foreach (string match in Matches(pattern, "ab 👍 aab\n a"))
                {
                    match.ShouldNotBeNull();
                }
            }
            catch (UnsupportedModelException e)
            {
                e.Message.ShouldContain("pattern");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4000).WithEndSize(16).WithReplay(17, 19));
    }

    private static List<string> Matches(string pattern, string text)
    {
        PatternFinder finder = PatternFinder.Compile("test", "pattern", pattern);
        List<string> found = [];
        long effort = 0;
        for (int from = 0; from <= text.Length && finder.TryFind(text, from, ref effort, out int start, out int length); from = start + Math.Max(1, length))
        {
            if (length > 0)
            {
                found.Add(text.Substring(start, length));
            }
        }

        return found;
    }

    private static List<string> Cut(string text, IPieceFinder finder) => SplitTests.Cut(text, new SplitPreTokenizer(finder, SplitBehavior.Isolated, invert: false));
}
