using SkPeft.Tensors.LinearAlgebra;
using SkPeft.Tensors.Ops;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.LinearAlgebra;

public sealed class TruncatedSvdTests
{
    public static TheoryData<int, int, int, float[]> Spectra => new()
    {
        { 30, 20, 4, [9, 7, 7, 3, 2, 1] },
        { 20, 30, 4, [9, 7, 7, 3, 2, 1] },
        { 90, 70, 3, [.. Enumerable.Range(0, 70).Select(i => 5 * MathF.Pow(0.97f, i))] },
        { 70, 90, 70, [.. Enumerable.Range(0, 70).Select(i => 1f / (1 + i))] },
        { 12, 12, 5, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] },
        { 40, 8, 2, [4, 1e-3f] },
    };

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Of_AMatrixWithKnownSingularValues_FindsTheLargest(int rows, int columns, int rank, float[] spectrum)
    {
        Tensor w = WithSpectrum(rows, columns, spectrum);

        (Tensor u, float[] values, Tensor v) = TruncatedSvd.Of(w, rank, new Random(1));

        for (int i = 0; i < rank; i++)
        {
            values[i].ShouldBe(i < spectrum.Length ? spectrum[i] : 0, 1e-4 * spectrum[0]);
        }

        HouseholderQrTests.Orthonormal(v);
        Tensor scale = Tensor.From(values, rank);
        HouseholderQrTests.Close(w.MatMul(v), u.Multiply(scale), 1e-4 * spectrum[0]);
        HouseholderQrTests.Close(w.TransposedMatMul(u), v.Multiply(scale), 1e-4 * spectrum[0]);
    }

    [Fact]
    public void Of_AMatrixOfNoise_LeavesTheSmallestRest()
    {
        // Eckart and Young: what is left of a matrix has the length of the singular values that were not taken.
        Tensor w = RandomTensors.Normal(new Random(8), 1, 50, 35);
        (_, float[] all, _) = TruncatedSvd.Of(w, 35, new Random(2));

        (Tensor u, float[] values, Tensor v) = TruncatedSvd.Of(w, 6, new Random(3));

        Tensor rest = w.Subtract(u.Multiply(Tensor.From(values, 6)).MatMulTransposed(v));
        double expected = Math.Sqrt(all.Skip(6).Sum(s => (double)s * s));
        Length(rest).ShouldBe(expected, 1e-3 * expected);
        Length(w).ShouldBe(Math.Sqrt(all.Sum(s => (double)s * s)), 1e-3 * Length(w));
    }

    [Fact]
    public void Of_TheSameSeed_GivesTheSameBits()
    {
        Tensor w = RandomTensors.Normal(new Random(8), 1, 20, 15);
        TruncatedSvd.Of(w, 3, new Random(5)).U.Data.ToArray().ShouldBe(TruncatedSvd.Of(w, 3, new Random(5)).U.Data.ToArray());
    }

    [Fact]
    public void Of_ZerosOnly_GivesZeros() => TruncatedSvd.Of(new Tensor(6, 5), 2, new Random(1)).Values.ShouldBe([0, 0]);

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Of_ARankThatTheMatrixCannotHave_IsRefused(int rank) =>
        Should.Throw<ArgumentOutOfRangeException>(() => TruncatedSvd.Of(new Tensor(7, 5), rank, new Random(1)));

    private static double Length(Tensor x) => Math.Sqrt(x.Data.ToArray().Sum(v => (double)v * v));

    private static Tensor WithSpectrum(int rows, int columns, float[] spectrum)
    {
        Random random = new(17);
        int count = Math.Min(spectrum.Length, Math.Min(rows, columns));
        Tensor left = HouseholderQr.Of(RandomTensors.Normal(random, 1, rows, count), count).Q;
        Tensor right = HouseholderQr.Of(RandomTensors.Normal(random, 1, columns, count), count).Q;
        return left.Multiply(Tensor.From(spectrum, count)).MatMulTransposed(right);
    }
}
