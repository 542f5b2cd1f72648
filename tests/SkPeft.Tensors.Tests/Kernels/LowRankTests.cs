using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Low-rank changes of one or several adapters against double precision.</summary>
public sealed unsafe class LowRankTests
{
    public static TheoryData<InstructionSet, Precision> Sets =>
        [.. InstructionSets.Supported.SelectMany(s => new[] { (s, Precision.Exact), (s, Precision.Fast) })];

    public static TheoryData<InstructionSet> AllSets => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(Sets))]
    public void LowRankAdd_OfSeveralAdapters_AddsEachOnesScaledProductToItsRowsOnly(InstructionSet set, Precision precision)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        (int Rank, int Inputs, int Outputs, int Rows)[] shapes =
            [(1, 1, 1, 1), (3, 33, 17, 4), (8, 64, 576, 1), (16, 100, 31, 9), (20, 40, 60, 3), (4, 48, 70, 40), (2, 15, 47, 2), (64, 95, 16, 8)];
        List<Case> cases = [.. shapes.Select((s, i) => new Case(s.Rank, s.Inputs, s.Outputs, s.Rows, i))];
        LowRankRows[] items = [.. cases.Select(c => c.Item())];
        compute.LowRankAdd(items, precision);
        cases.ForEach(c => c.Check(precision));
        cases.ForEach(c => c.Dispose());
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void LowRankAdd_OfARowAlone_GivesTheBitsThatItGivesAmongOthers(InstructionSet set)
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team, set);
        foreach ((int rank, int inputs, int outputs, int rows) in new[] { (8, 64, 96, 2), (3, 33, 17, 5), (13, 100, 47, 37), (64, 31, 130, 70) })
        {
            using Case together = new(rank, inputs, outputs, rows, seed: 5), alone = new(rank, inputs, outputs, rows, seed: 5);
            compute.LowRankAdd([together.Item()], Precision.Fast);
            for (int row = 0; row < rows; row++)
            {
                compute.LowRankAdd([alone.Item(row)], Precision.Fast);
            }

            alone.Outputs.SequenceEqual(together.Outputs).ShouldBeTrue($"rank {rank}, {inputs} to {outputs}, {rows} rows");
        }
    }

    [Fact]
    public void FactorsInOrder_GiveWhatEachGivesByItself()
    {
        using var team = new WorkerTeam(1);
        using var compute = new ComputeContext(team);
        using Case first = new(3, 33, 17, 1, seed: 1), second = new(8, 100, 47, 2, seed: 2), third = new(1, 5, 64, 1, seed: 3);
        Case[] cases = [first, second, third];
        IReadOnlyList<LowRankFactors> factors = LowRankFactors.InOrder([.. cases.Select(c => c.Factors)]);
        compute.LowRankAdd([.. cases.Zip(factors, (c, f) => c.Item(f))], Precision.Fast);
        foreach (Case one in cases)
        {
            one.Check(Precision.Fast);
        }

        factors.Sum(f => f.Bytes).ShouldBe(36 * ((3 * (2 + 1)) + (8 * (4 + 2)) + (1 * (1 + 2))));
        factors[0].Dispose();
    }

    [Fact]
    public void Factors_OfDifferentRanks_AreRefused() =>
        Should.Throw<ArgumentException>(() => new LowRankFactors(new Tensor(2, 3), new Tensor(5, 3))).Message.ShouldContain("one rank");

    // Rows with gaps, whose gaps must stay.
    private sealed class Case : IDisposable
    {
        private const float Scale = 0.75f;

        private readonly int _rank, _inputs, _outputs, _rows;
        private readonly Tensor _a, _b;
        private readonly NativeBuffer _x, _y;
        private readonly float[] _before;
        private readonly LowRankFactors _factors;

        public Case(int rank, int inputs, int outputs, int rows, int seed)
        {
            (_rank, _inputs, _outputs, _rows) = (rank, inputs, outputs, rows);
            _a = new Tensor(rank, inputs);
            _b = new Tensor(outputs, rank);
            RandomValues.Normal(rank * inputs, seed + 1).CopyTo(_a.Data);
            RandomValues.Normal(outputs * rank, seed + 2).CopyTo(_b.Data);
            _x = Native(RandomValues.Normal(rows * (inputs + 1), seed + 3));
            _before = RandomValues.Normal(rows * (outputs + 2), seed + 4);
            _y = Native(_before);
            _factors = new LowRankFactors(_a, _b);
        }

        public (Tensor A, Tensor B) Factors => (_a, _b);

        public ReadOnlySpan<float> Outputs => new(_y.Floats, _rows * (_outputs + 2));

        public LowRankRows Item(int row) =>
            new(_factors, Scale, _x.Floats + (row * (_inputs + 1)), _inputs + 1, 1, _y.Floats + (row * (_outputs + 2)), _outputs + 2);

        public LowRankRows Item() => Item(_factors);

        public LowRankRows Item(LowRankFactors factors) => new(factors, Scale, _x.Floats, _inputs + 1, _rows, _y.Floats, _outputs + 2);

        // Bytes are off by at most 1/254 of the greatest value of their block; both factors are bytes.
        public void Check(Precision precision)
        {
            double greatest = Scale * (double)Greatest(_a) * Greatest(_b) / 127 * 1.01;
            for (int i = 0; i < _rows; i++)
            {
                for (int o = 0; o < _outputs; o++)
                {
                    double sum = _before[(i * (_outputs + 2)) + o];
                    double size = Math.Abs(sum);
                    double inputs = 0;
                    for (int r = 0; r < _rank; r++)
                    {
                        for (int k = 0; k < _inputs; k++)
                        {
                            double term = Scale * (double)_b.Data[(o * _rank) + r] * _a.Data[(r * _inputs) + k] * _x.Floats[(i * (_inputs + 1)) + k];
                            sum += term;
                            size += Math.Abs(term);
                            inputs += Math.Abs(_x.Floats[(i * (_inputs + 1)) + k]);
                        }
                    }

                    ((double)_y.Floats[(i * (_outputs + 2)) + o]).ShouldBe(sum, precision == Precision.Exact ? 1e-6 * size : (greatest * inputs) + (1e-6 * size));
                }

                _y.Floats[((i + 1) * (_outputs + 2)) - 1].ShouldBe(_before[((i + 1) * (_outputs + 2)) - 1]);
            }
        }

        public void Dispose()
        {
            _x.Dispose();
            _y.Dispose();
            _factors.Dispose();
        }

        private static float Greatest(Tensor tensor) => Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<float>(tensor.Data));

        private static NativeBuffer Native(float[] values)
        {
            NativeBuffer buffer = new((long)values.Length * sizeof(float));
            values.CopyTo(new Span<float>(buffer.Start, values.Length));
            return buffer;
        }
    }
}
