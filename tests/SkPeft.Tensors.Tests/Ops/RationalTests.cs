using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Ops;

public sealed class RationalTests
{
    private static readonly Tensor s_line = Plain.Random(1, 3, 50);

    [Fact]
    public void Horner_AnyDegree_SumsThePowers()
    {
        Plain.ShouldBeEach(s_line.Horner(Plain.Of(1, -2, 0.5f, 3)), s_line, x => 1 - (2 * x) + (0.5 * x * x) + (3 * x * x * x), 2e-6);
        Plain.ShouldBeEach(s_line.Horner(Plain.Of(7)), s_line, _ => 7, 1e-12);
        Plain.ShouldBeEach(s_line.Horner(new Tensor(0)), s_line, _ => 0, 1e-12);
        Should.Throw<ArgumentException>(() => s_line.Horner(new Tensor(1, 2)));
    }

    [Fact]
    public void Rational_ADenominatorThatChangesSign_HasNoPole()
    {
        float[] a = [0.1f, 0.5f, 0.4f, 0.12f, 0.013f, 0.0003f, -0.00003f];
        float[] b = [0.3f, -0.9f, -0.2f, 0.11f, 0.07f];

        Plain.ShouldBeEach(s_line.Rational(Plain.Of(a), Plain.Of(b)), s_line, x =>
            a.Select((c, j) => c * Math.Pow(x, j)).Sum() / (1 + Math.Abs(b.Select((c, i) => c * Math.Pow(x, i + 1)).Sum())), 3e-6);
    }
}
