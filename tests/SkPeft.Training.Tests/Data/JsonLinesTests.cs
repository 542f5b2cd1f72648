using System.Security.Cryptography;
using System.Text;
using SkPeft.Testing;
using SkPeft.Training.Data;

namespace SkPeft.Training.Tests.Data;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}")]
    [InlineData("{\"a\":1}\r\n{\"a\":2}\r\n")]
    [InlineData("\uFEFF{\"a\":1}\n{\"a\":2}\n")]
    public void Line_breaks_of_both_kinds_a_byte_order_mark_and_a_missing_last_break_are_accepted(string content)
    {
        DataLine[] lines = [.. Lines(content).Select(l => l.Parse())];

        lines.Select(l => l.Value.GetProperty("a").GetInt32()).ShouldBe([1, 2]);
        lines.Select(l => l.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public void Blank_lines_are_passed_over_and_counted_in_the_numbers() =>
        Lines("\n{\"a\":1}\n   \r\n\t\n{\"a\":2}").Select(l => l.Number).ShouldBe([2, 5]);

    [Fact]
    public void An_empty_file_has_no_lines() => Lines("").ShouldBeEmpty();

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":", 2, "no JSON")]
    [InlineData("{\"a\":1}\n\n[1,2]", 3, "an array")]
    [InlineData("\"text\"", 1, "\"text\"")]
    public void What_is_no_object_is_named_with_its_line(string content, int line, string what)
    {
        DataLineException error = Should.Throw<DataLineException>(() => Lines(content).Select(l => l.Parse()).ToArray());

        error.Line.ShouldBe(line);
        error.Message.ShouldContain(what);
        error.Message.ShouldContain($"line {line}");
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_line_and_place()
    {
        byte[] content = [.. "{\"a\":1}\n{\"a\":\""u8, 0xC3, 0x28, .. "\"}\n"u8];
        JsonLines file = new(_folder.Write("data.jsonl", content));

        DataLineException error = Should.Throw<DataLineException>(() => file.Read().Select(l => l.Parse()).ToArray());

        error.Line.ShouldBe(2);
        error.Message.ShouldContain("byte 7 of the line");
    }

    [Theory]
    [InlineData("{\"a\":\"x\\ud800\"}", 6)]
    [InlineData("{\"a\":[1,{\"b\":\"\\udc00\\ud800\"}]}", 14)]
    [InlineData("{\"\\ud83d\":1}", 2)]
    public void Half_a_surrogate_pair_is_named_with_line_and_place(string line, int place)
    {
        DataLineException error = Should.Throw<DataLineException>(() => Lines($"{{\"a\":1}}\n{line}\n").Select(l => l.Parse()).ToArray());

        error.Line.ShouldBe(2);
        error.Message.ShouldContain($"the text at byte {place} of the line has half a surrogate pair");
    }

    [Fact]
    public void A_whole_surrogate_pair_is_a_character() =>
        Lines("{\"a\":\"\\ud83d\\ude00\"}").Single().Parse().Value.GetProperty("a").GetString().ShouldBe("\ud83d\ude00");

    [Fact]
    public void A_line_of_ten_megabytes_is_measured_and_not_kept_and_the_next_is_read()
    {
        string content = $"{{\"a\":1}}\n{{\"a\":\"{new string('x', 10_000_000)}\"}}\n{{\"a\":3}}\n";

        RawLine[] lines = [.. Lines(content)];

        lines.Select(l => l.Number).ShouldBe([1, 2, 3]);
        lines[1].TooLong.ShouldBeTrue();
        lines[1].Content.Length.ShouldBe(0);
        Should.Throw<DataLineException>(() => lines[1].Parse()).Message.ShouldContain("10000008 bytes");
        lines[2].Parse().Value.GetProperty("a").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void The_digest_is_that_of_the_file()
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":1}\n", 20_000)));
        JsonLines file = new(_folder.Write("data.jsonl", content));

        file.Read().Count().ShouldBe(20_000);

        file.Digest.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Should.Throw<FileAccessException>(() => new JsonLines(_folder.PathOf("none.jsonl")).Read().ToArray()).Message.ShouldContain("no such file");
        Should.Throw<FileAccessException>(() => new JsonLines(_folder.Root).Read().ToArray()).Message.ShouldContain("folder");
    }

    private IEnumerable<RawLine> Lines(string content) => new JsonLines(_folder.Write("data.jsonl", content)).Read();
}
