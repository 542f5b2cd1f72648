using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Schemas;

namespace SkPeft.Engine.Tests.Structured;

public sealed class RegexAutomatonTests
{
    // Patterns whose meaning .NET and ECMA 262 agree on.
    private static readonly string[] s_patterns =
    [
        "", "a", "^a", "a$", "^a$", "^$", "a|^b", "(^a|b)c$", "a*b+c?", "^(?:ab|a)(?:c|bc)$", "^[a-c]{2,3}$", "^[^a-c]+$", "a.b", "^(a|b$)", "^(?<x>a)+$", "[a\\-b]",
        "^\\x61\\u0062$", "^a{0}b$", "^(a?){3}$", "(a|b)*abb", "^a{2,}", "^\\^\\$\\.$", "x^|a", "[]|a", "^[\\]^]$", "é|ü$", "^(?:a|é){1,2}?$",
    ];

    [Fact]
    public void Somewhere_RandomTexts_MatchesAsDotNetDoes()
    {
        Gen<string> texts = Gen.Elements("abcx-^$.]é\n".ToCharArray()).ListOf().Select(c => new string([.. c.Take(7)]));
        foreach (string pattern in s_patterns.Where(p => p != "[]|a"))
        {
            TextAutomaton automaton = RegexCompiler.Somewhere(RegexParser.Parse(pattern));

            // '$' is the very end here; in .NET only \z is.
            Regex regex = new(Regex.Replace(pattern, @"(?<!\\)\$", "\\z").Replace("(?:a|é){1,2}?\\z", "(?:a|é){1,2}\\z"));
            Prop.ForAll(texts.ToArbitrary(), text => automaton.Accepts(text).ShouldBe(regex.IsMatch(text), $"'{pattern}' on '{text}'"))
                .Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(3, 9));
        }
    }

    [Theory]
    [InlineData("date", "2024-02-29 1900-01-31 2000-02-29", "2023-02-29 1900-02-29 2024-13-01 2024-1-1 2024-04-31")]
    [InlineData("time", "23:59:59Z 00:00:00.123+05:30", "24:00:00Z 12:00:00 12:00Z")]
    [InlineData("date-time", "2024-02-29T12:00:00Z", "2024-02-29 2024-02-29T12:00:00")]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000")]
    [InlineData("email", "a.b+c@mail.example.org", "a@b a..b@example.org @example.org")]
    [InlineData("ipv4", "0.0.0.0 255.255.255.255", "256.0.0.1 01.2.3.4 1.2.3")]
    [InlineData("ipv6", ":: ::1 1:: 1:2:3:4:5:6:7:8 1::8 1:2::7:8", "1:2:3 ::1::2 1:2:3:4:5:6:7:8:9 12345::")]
    [InlineData("duration", "P1D P1Y2M3DT4H5M6S PT5M P2W", "P P1 PT 1D P1H")]
    [InlineData("uri", "https://example.org/a/b?x=1#y http://example.org:80", "example.org ftp: https://")]
    [InlineData("hostname", "www.example.org", "-a.org a_b.org example")]
    public void Find_AFormat_TakesItsTextsOnly(string format, string good, string bad)
    {
        TextAutomaton automaton = StringFormats.Find(format)!;
        good.Split(' ').ShouldAllBe(text => automaton.Accepts(text));
        bad.Split(' ').ShouldAllBe(text => !automaton.Accepts(text));
    }
}
