using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Tests.Training;

public sealed class StepDrawsTests
{
    [Fact]
    public void OutsideOfAStep_NothingIsDropped()
    {
        StepDraws.OfRows("q", 0.5f).ShouldBeNull();
        using (StepDraws draws = new(1))
        {
            StepDraws.OfRows("q", 0.5f).ShouldNotBeNull();
            StepDraws.OfRows("q", 0).ShouldBeNull();
        }

        StepDraws.OfTensor("q", 0.5f).ShouldBeNull();
        StepDraws.Choices("q").ShouldBeNull();
    }

    [Fact]
    public void KeysAndNames_TellDrawsApart_AndGiveTheSameAgain()
    {
        DropoutMask[] masks = [Mask(1, "q"), Mask(1, "k"), Mask(2, "q"), Mask(2, "k")];

        masks.Select(m => m.Key).ShouldBeUnique();
        Mask(1, "q").ShouldBe(masks[0]);
        Choice(1, "q").ShouldBe(Choice(1, "q"));
        Choice(1, "q").ShouldNotBe(Choice(2, "q"));
        Choice(1, "q").ShouldNotBe(Choice(1, "k"));
    }

    [Fact]
    public void ALaterPartOfAStep_GoesOnWithRowsAndRepeatsTheMethodsOwnTensors()
    {
        DropoutMask rows = Mask(3, "q"), later = Mask(3, "q", firstRow: 7);

        later.ShouldBe(rows with { FirstRow = 7 });
        using StepDraws draws = new(3, 7);
        StepDraws.OfTensor("q", 0.5f).ShouldBe(rows);
        StepDraws.Choices("q")!.Next().ShouldBe(Choice(3, "q"));
    }

    [Fact]
    public void AScopeInside_GivesTheOneAroundItBack()
    {
        using StepDraws outer = new(1);
        DropoutMask before = StepDraws.OfRows("q", 0.5f)!;
        using (StepDraws inner = new(2))
        {
            StepDraws.OfRows("q", 0.5f).ShouldNotBe(before);
        }

        StepDraws.OfRows("q", 0.5f).ShouldBe(before);
    }

    private static DropoutMask Mask(ulong key, string name, int firstRow = 0)
    {
        using StepDraws draws = new(key, firstRow);
        return StepDraws.OfRows(name, 0.5f)!;
    }

    private static int Choice(ulong key, string name)
    {
        using StepDraws draws = new(key);
        return StepDraws.Choices(name)!.Next();
    }
}
