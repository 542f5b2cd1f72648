using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>Memory that is lent: no element twice, and all of it again once it came back.</summary>
public sealed class StepMemoryTests
{
    private readonly StepMemory _memory = new(smallest: 1);

    [Fact]
    public void Tensors_LentAndReturnedInAnyOrder_NeverShareAnElement()
    {
        Random random = new(7);
        List<(Tensor Tensor, float Mark)> lent = [];
        for (int i = 0; i < 3000; i++)
        {
            if (lent.Count > 0 && random.Next(5) < 2)
            {
                int at = random.Next(lent.Count);
                lent[at].Tensor.Data.ToArray().ShouldAllBe(x => x == lent[at].Mark);
                _memory.Return(lent[at].Tensor);
                lent.RemoveAt(at);
            }

            Tensor tensor = _memory.Rent(random.Next(1, 40), random.Next(1, 200));
            tensor.Data.Fill(i);
            lent.Add((tensor, i));
        }

        lent.ForEach(l => l.Tensor.Data.ToArray().ShouldAllBe(x => x == l.Mark));
    }

    [Fact]
    public void Batches_OfOtherLengths_TakeNoMoreThanTheLongest()
    {
        Batch(rows: 400);
        long bytes = _memory.Bytes;
        foreach (int rows in new[] { 150, 399, 210, 333, 64, 400 })
        {
            Batch(rows);
        }

        _memory.Bytes.ShouldBe(bytes);

        // But for the end of the last array.
        bytes.ShouldBeLessThan(_memory.PeakBytes + (1 << 24));
    }

    [Fact]
    public void WhatIsKept_IsTheWholeOfWhatAViewWasCutFrom()
    {
        int mark = _memory.Mark;
        Tensor kept = _memory.Rent(100, 10), released = _memory.Rent(100, 10);
        kept.Data.Fill(1);
        _memory.ReleaseSince(mark, kept.Rows(40, 20));
        for (int i = 0; i < 200; i++)
        {
            _memory.Rent(100, 10).Data.Fill(2);
        }

        kept.Data.ToArray().ShouldAllBe(x => x == 1);
        released.Data.ToArray().ShouldContain(2f);
    }

    [Fact]
    public void ReturningAViewThatBeginsElsewhere_GivesNothingBack()
    {
        Tensor tensor = _memory.Rent(10, 10);
        tensor.Data.Fill(1);
        _memory.Return(tensor.Rows(5, 5));
        _memory.Rent(10, 10).Data.Fill(2);
        tensor.Data.ToArray().ShouldAllBe(x => x == 1);
    }

    [Fact]
    public void Results_InAScope_LieInItsMemory_AndOutsideDoNot()
    {
        Tensor x = Plain.Random(1, 20, 30);
        using (ResultScope scope = new(_memory))
        {
            x.Scale(2).Slice(0, 3, 4).Add(x.Slice(0, 1, 4));
        }

        _memory.PeakBytes.ShouldBe(sizeof(float) * ((20 * 30) + (3 * 4 * 30)));
        x.Scale(2);
        _memory.PeakBytes.ShouldBe(sizeof(float) * ((20 * 30) + (3 * 4 * 30)));
    }

    // As a step does: many tensors at one time, some of them given back on the way.
    private void Batch(int rows)
    {
        for (int layer = 0; layer < 40; layer++)
        {
            Tensor temporary = _memory.Rent(rows, 96);
            _memory.Rent(rows, 128);
            _memory.Rent(rows, 256);
            _memory.Return(temporary);
        }

        _memory.Recycle();
    }
}
