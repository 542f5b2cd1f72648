using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class DropoutTests
{
    private const int Rows = 200, Width = 515;

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Dropout_OfOnes_DropsTheShareAndScalesTheRest(float probability)
    {
        float[] found = Ones().Dropout(new DropoutMask(probability, 11)).Data.ToArray();

        // Within five standard deviations of the binomial, over all of it and over every row.
        ShouldBeShare(found.Count(v => v == 0), found.Length, probability);
        found.Chunk(Width).ShouldAllBe(row => IsShare(row.Count(v => v == 0), Width, probability));
        found.Where(v => v != 0).Distinct().ShouldHaveSingleItem().ShouldBe(1 / (1 - probability));
    }

    [Fact]
    public void Dropout_RowsColumnsAndKeys_AreIndependent()
    {
        bool[] one = Kept(new DropoutMask(0.5f, 1));
        foreach (bool[] other in (bool[][])[Kept(new DropoutMask(0.5f, 2)), Kept(new DropoutMask(0.5f, 1, FirstRow: 1)), [.. one[1..], one[0]], [.. one[Width..], .. one[..Width]]])
        {
            ShouldBeShare(one.Zip(other).Count(p => p.First == p.Second), one.Length, 0.5);
        }
    }

    [Fact]
    public void Dropout_InParts_IsThatOfTheWhole()
    {
        DropoutMask mask = new(0.25f, 5, FirstRow: 2);
        float[] whole = Ones().Dropout(mask).Data.ToArray();

        float[] first = Ones().Rows(0, 70).Dropout(mask).Data.ToArray();
        float[] second = Ones().Rows(70, Rows - 70).Dropout(mask with { FirstRow = 72 }).Data.ToArray();

        first.Concat(second).ShouldBe(whole);
    }

    [Fact]
    public void Dropout_OfNothing_GivesTheSameElements()
    {
        Tensor x = Plain.Random(1, 3, 17);
        x.Dropout(new DropoutMask(0, 3)).Data.ToArray().ShouldBe(x.Data.ToArray());
    }

    private static Tensor Ones() => StartValues.Constant(1, Rows, Width);

    private static bool[] Kept(DropoutMask mask) => [.. Ones().Dropout(mask).Data.ToArray().Select(v => v != 0)];

    private static void ShouldBeShare(int found, int of, double share) => IsShare(found, of, share).ShouldBeTrue($"{found} of {of} for a share of {share}");

    private static bool IsShare(int found, int of, double share) => Math.Abs(found - (of * share)) <= 5 * Math.Sqrt(of * share * (1 - share));
}
