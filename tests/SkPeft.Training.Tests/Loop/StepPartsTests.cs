using SkPeft.Training.Data;
using SkPeft.Training.Loop;

namespace SkPeft.Training.Tests.Loop;

public sealed class StepPartsTests
{
    [Theory]
    [InlineData(8, 40, 8)]
    [InlineData(16, 32, 16)]
    [InlineData(16, 40, 8, 8)]
    [InlineData(32, 40, 11, 10, 11)]
    [InlineData(3, 5000, 1, 1, 1)]
    public void Lines_of_one_length_make_as_few_even_parts_as_the_rows_allow(int lines, int rows, params int[] parts) =>
        Cut(null, [.. Enumerable.Repeat(rows, lines)]).ShouldBe(parts);

    [Fact]
    public void A_number_of_lines_that_is_given_is_kept() => Cut(3, 900, 1, 1, 1).ShouldBe([3, 1]);

    [Fact]
    public void Lines_without_rows_are_not_lost() => Cut(null, 0, 0).ShouldBe([2]);

    [Fact]
    public void Any_lines_keep_their_order_and_no_part_is_larger_than_the_rows_and_its_longest_line()
    {
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            int[] rows = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(700))];
            Example[] lines = Lines(rows);
            Example[][] parts = [.. new StepParts(null, e => rows[e.Line - 1]).Of(lines)];
            parts.SelectMany(p => p).ShouldBe(lines);
            parts.ShouldAllBe(p => p.Length > 0 && p.Sum(e => rows[e.Line - 1]) <= StepParts.EnoughRows + p.Max(e => rows[e.Line - 1]));
        }
    }

    private static int[] Cut(int? size, params int[] rows) => [.. new StepParts(size, e => rows[e.Line - 1]).Of(Lines(rows)).Select(p => p.Length)];

    private static Example[] Lines(int[] rows) => [.. rows.Select((_, i) => new Example { Line = i + 1, Passages = [] })];
}
