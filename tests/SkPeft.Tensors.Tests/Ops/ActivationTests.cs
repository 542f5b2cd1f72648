using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class ActivationTests
{
    private static readonly Tensor s_line = Line();

    [Fact]
    public void Relu_OfALine_CutsTheNegativeHalf() => Plain.ShouldBeEach(s_line.Relu(), s_line, x => Math.Max(x, 0), 1e-12);

    [Fact]
    public void Abs_OfALine_DropsTheSign() => Plain.ShouldBeEach(s_line.Abs(), s_line, Math.Abs, 1e-12);

    [Fact]
    public void Sigmoid_OfALine_IsTheLogisticFunction() => Plain.ShouldBeEach(s_line.Sigmoid(), s_line, x => 1 / (1 + Math.Exp(-x)));

    [Fact]
    public void Silu_OfALine_IsXTimesSigmoid() => Plain.ShouldBeEach(s_line.Silu(), s_line, x => x / (1 + Math.Exp(-x)));

    [Fact]
    public void Silu_FarOut_StaysFinite()
    {
        Tensor c = Plain.Of(-1000, 1000).Silu();

        c.Data[0].ShouldBe(0f);
        c.Data[1].ShouldBe(1000f);
    }

    [Fact]
    public void Tanh_OfALine_IsTanh() => Plain.ShouldBeEach(s_line.Tanh(), s_line, Math.Tanh);

    [Fact]
    public void Gelu_OfALine_IntegratesTheNormalDensity() => Plain.ShouldBeEach(s_line.Gelu(), s_line, x => x * NormalDistribution(x));

    [Fact]
    public void GeluTanh_OfALine_IsTheApproximationByTanh() =>
        Plain.ShouldBeEach(s_line.GeluTanh(), s_line, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)] // Abramowitz & Stegun, table 7.1
    [InlineData(-1, -0.8427007929497149)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(5.999999, 1)]
    [InlineData(40, 1)]
    public void ErrorFunction_AtTabulatedPoints_HasTheirValues(double x, double expected) =>
        ErrorFunction.Of(x).ShouldBe(expected, 1e-9);

    [Fact]
    public void ErrorFunction_OfNaN_IsNaN() => double.IsNaN(ErrorFunction.Of(double.NaN)).ShouldBeTrue();

    private static Tensor Line()
    {
        Tensor x = new(241);
        for (int i = 0; i < x.Length; i++)
        {
            x.Data[i] = (i - 120) * 0.0987654f;
        }

        return x;
    }

    // Simpson's rule: nothing in common with how Gelu gets it.
    private static double NormalDistribution(double x)
    {
        const int steps = 4000;
        double h = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++)
        {
            double t = i * h;
            sum += (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-t * t / 2);
        }

        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
