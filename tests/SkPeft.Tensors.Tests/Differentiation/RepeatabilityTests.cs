using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>The same computation gives the same bits, whatever memory and how many threads it runs with.</summary>
public sealed class RepeatabilityTests
{
    private readonly Tensor _x = Plain.Random(1, 90, 80);
    private readonly Tensor _w = Plain.Random(2, 70, 80);
    private readonly Tensor _b = Plain.Random(3, 70);

    [Fact]
    public void TwoRuns_Always_GiveTheSameBits() => Step(null).ShouldBe(Step(null));

    [Fact]
    public void MemoryOfAnEarlierStep_HoldingItsValues_GivesTheSameBitsAsFreshMemory()
    {
        float[] expected = Step(null);
        StepMemory memory = new();
        Step(memory).ShouldBe(expected);
        memory.Recycle();
        long bytes = memory.Bytes;
        bytes.ShouldBeGreaterThan(0);

        Step(memory).ShouldBe(expected);
        memory.Bytes.ShouldBe(bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ALentContext_WithAnyNumberOfThreads_GivesTheSameBits(int threads)
    {
        using WorkerTeam two = new(2);
        using ComputeContext ofTwo = new(two);
        using WorkerTeam team = new(threads);
        using ComputeContext compute = new(team);

        InScope(compute).ShouldBe(InScope(ofTwo));
    }

    private float[] InScope(ComputeContext compute)
    {
        using ComputeScope scope = new(compute);
        return Step(null);
    }

    // A small network whose input is used in several places.
    private float[] Step(StepMemory? memory)
    {
        Tensor[] parameters = [StartValues.Parameter(_x), StartValues.Parameter(_w), StartValues.Parameter(_b)];
        Tensor y = parameters[0].MatMulTransposed(parameters[1]).Scale(0.1f).Add(parameters[2]).Gelu();
        Tensor back = y.MatMul(parameters[1]).Add(parameters[0]).Multiply(y.Softmax(-1).MatMul(parameters[1]));
        Gradients gradients = Gradients.Of(back.Square().Mean(), memory);
        return [.. parameters.SelectMany(p => gradients[p]!.Data.ToArray())];
    }
}
