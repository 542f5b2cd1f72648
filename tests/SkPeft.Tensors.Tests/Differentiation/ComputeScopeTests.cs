using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Tests.Ops;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>Large products run on a lent context, and only those; results agree with the calling thread's.</summary>
public sealed class ComputeScopeTests : IDisposable
{
    private readonly WorkerTeam _team = new(2);
    private readonly ComputeContext _compute;

    public ComputeScopeTests() => _compute = new ComputeContext(_team);

    public static TheoryData<string> Products => [.. Cases().Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Products))]
    public void Products_Large_AgreeWithTheCallingThread(string title)
    {
        (_, Func<Tensor, Tensor, Tensor> product, Tensor a, Tensor b) = Cases().Single(c => c.Title == title);
        Tensor[] expected = Run(product, a, b);
        Tensor[] actual;
        using (ComputeScope scope = new(_compute))
        {
            actual = Run(product, a, b);
        }

        for (int i = 0; i < expected.Length; i++)
        {
            ShouldAgree(actual[i], expected[i]);
        }
    }

    [Fact]
    public unsafe void MatMul_LargeInsideAScope_IsTheContextsProduct()
    {
        Tensor a = Plain.Random(1, 70, 130);
        Tensor b = Plain.Random(2, 130, 40);
        Tensor expected = new(70, 40);
        fixed (float* pa = a.Data, pb = b.Data, pc = expected.Data)
        {
            _compute.Gemm(70, 40, 130, pa, 130, false, pb, 40, false, pc, 40, false);
        }

        Tensor outside = a.MatMul(b);
        using (ComputeScope scope = new(_compute))
        {
            a.MatMul(b).Data.ToArray().ShouldBe(expected.Data.ToArray());
        }

        a.MatMul(b).Data.ToArray().ShouldBe(outside.Data.ToArray());
    }

    [Theory]
    [InlineData(20, 40, 20)]
    [InlineData(8, 300, 300)]
    [InlineData(300, 300, 8)]
    public void MatMul_SmallOrNarrowInsideAScope_HasTheBitsOfTheCallingThread(int n, int k, int m)
    {
        Tensor a = Plain.Random(1, n, k);
        Tensor b = Plain.Random(2, k, m);
        float[] expected = a.MatMul(b).Data.ToArray();
        using ComputeScope scope = new(_compute);

        a.MatMul(b).Data.ToArray().ShouldBe(expected);
    }

    public void Dispose()
    {
        _compute.Dispose();
        _team.Dispose();
    }

    private static (string Title, Func<Tensor, Tensor, Tensor> Product, Tensor A, Tensor B)[] Cases() =>
    [
        (nameof(TensorOps.MatMul), TensorOps.MatMul, Plain.Random(1, 70, 130), Plain.Random(2, 130, 41)),
        (nameof(TensorOps.MatMulTransposed), TensorOps.MatMulTransposed, Plain.Random(1, 70, 130), Plain.Random(2, 41, 130)),
        (nameof(TensorOps.TransposedMatMul), TensorOps.TransposedMatMul, Plain.Random(1, 130, 70), Plain.Random(2, 130, 41)),
        (nameof(TensorOps.MatMulBatched), TensorOps.MatMulBatched, Plain.Random(1, 3, 50, 60), Plain.Random(2, 3, 60, 45)),
        (nameof(TensorOps.MatMulBlocks), TensorOps.MatMulBlocks, Plain.Random(1, 120, 96), Plain.Random(2, 4, 24, 33)),
    ];

    // The product and both gradients, one of which is added to.
    private static Tensor[] Run(Func<Tensor, Tensor, Tensor> product, Tensor a, Tensor b)
    {
        Tensor[] parameters = [StartValues.Parameter(a), StartValues.Parameter(b)];
        Tensor y = product(parameters[0].Add(parameters[0].Scale(0.5f)), parameters[1]);
        Gradients gradients = Gradients.Of(y.Square().Sum().Add(parameters[1].Sum()));
        return [y, gradients[parameters[0]]!, gradients[parameters[1]]!];
    }

    private static void ShouldAgree(Tensor actual, Tensor expected)
    {
        actual.Shape.ToArray().ShouldBe(expected.Shape.ToArray());
        double typical = Math.Sqrt(expected.Data.ToArray().Average(v => (double)v * v));
        for (int i = 0; i < expected.Length; i++)
        {
            ((double)actual.Data[i]).ShouldBe(expected.Data[i], 1e-5 * typical);
        }
    }
}
