using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Scales, biases and norms of many adapters in one pass: every row as if each operation had run on it alone, bit for bit.</summary>
public sealed unsafe class RowPassTests
{
    private const float Epsilon = 1e-5f;

    public static TheoryData<InstructionSet, int> Sets => [.. InstructionSets.Supported.SelectMany(s => new[] { (s, 1), (s, 2), (s, 3) })];

    [Theory]
    [MemberData(nameof(Sets))]
    public void APass_OverManyItems_GivesWhatTheOperationsGiveRowByRow(InstructionSet set, int workers)
    {
        using var team = new WorkerTeam(workers);
        using var compute = new ComputeContext(team, set);
        RowPass pass = new();

        // Few rows stay on one thread; 300 rows of 257 are shared.
        (int Rows, int Width)[] shapes = [(1, 1), (1, 15), (2, 16), (3, 17), (1, 33), (0, 9), (300, 257), (1, 576), (41, 31)];
        List<Case> cases = [.. shapes.SelectMany((s, i) => Case.Chains.Select((steps, k) => new Case(s.Rows, s.Width, steps, (i * 100) + k)))];
        cases.ForEach(c => c.AddTo(pass));
        compute.Run(pass, Epsilon);
        cases.ForEach(c => c.Check(compute));
        cases.ForEach(c => c.Dispose());
    }

    [Fact]
    public void APass_ThatWasCleared_DoesNothing()
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team);
        using Case untouched = new(3, 20, [RowOperation.Multiply], 1);
        RowPass pass = new();
        untouched.AddTo(pass);
        pass.Clear();
        compute.Run(pass);
        untouched.ShouldBeUntouched();
    }

    [Fact]
    public void APass_ThatIsFilledAgain_AllocatesNothing()
    {
        using var team = new WorkerTeam(2);
        using var compute = new ComputeContext(team);
        using Case rows = new(300, 257, [RowOperation.Copy, RowOperation.Multiply, RowOperation.Add], 5);
        RowPass pass = new();
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            rows.AddTo(pass);
            compute.Run(pass);
            pass.Clear();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Restoring_TakesTheBiasOutOfAScale()
    {
        using var team = new WorkerTeam(1);
        using var compute = new ComputeContext(team);
        float* y = stackalloc float[] { 2f + 0.5f };
        RowPass pass = new();
        pass.Begin(y, 1, 1, 1);
        RowVector scale = RowVector.Of(Tensor.From([3f], 1));
        pass.Then(new RowStep(RowOperation.Multiply, scale));
        pass.Then(new RowStep(RowOperation.Restore, scale, RowVector.Of(Tensor.From([0.5f], 1))));
        compute.Run(pass);
        y[0].ShouldBe((3f * 2f) + 0.5f);
    }

    // Rows with gaps, whose gaps must stay; vectors in native memory and in tensors in turn.
    private sealed class Case : IDisposable
    {
        private readonly int _rows, _width;
        private readonly RowOperation[] _steps;
        private readonly NativeBuffer _x, _y, _native;
        private readonly float[] _before;
        private readonly Tensor _first, _second;

        public Case(int rows, int width, RowOperation[] steps, int seed)
        {
            (_rows, _width, _steps) = (rows, width, steps);
            _x = Native(RandomValues.Normal(rows * (width + 3), seed));
            _before = RandomValues.Normal(rows * (width + 2), seed + 1);
            _y = Native(_before);
            _native = Native(RandomValues.Normal(width, seed + 2));
            _first = Tensor.From(RandomValues.Normal(width, seed + 2), width);
            _second = Tensor.From(RandomValues.Normal(width, seed + 3), width);
        }

        public static IReadOnlyList<RowOperation[]> Chains =>
        [
            [RowOperation.Copy], [RowOperation.Normalise], [RowOperation.Multiply], [RowOperation.Add], [RowOperation.Restore], [],
            [RowOperation.Copy, RowOperation.Multiply], [RowOperation.Multiply, RowOperation.Restore, RowOperation.Add, RowOperation.Multiply],
        ];

        public void AddTo(RowPass pass)
        {
            pass.Begin(_x.Floats, _width + 3, _y.Floats, _width + 2, _rows, _width);
            for (int i = 0; i < _steps.Length; i++)
            {
                pass.Then(new RowStep(_steps[i], i % 2 == 0 ? RowVector.Of(_native.Floats) : RowVector.Of(_first), RowVector.Of(_second)));
            }
        }

        public void ShouldBeUntouched() => new ReadOnlySpan<float>(_y.Floats, _before.Length).SequenceEqual(_before).ShouldBeTrue();

        public void Check(ComputeContext compute)
        {
            using NativeBuffer expected = Native(_before);
            for (int row = 0; row < _rows; row++)
            {
                foreach (RowOperation step in _steps)
                {
                    Apply(compute, step, _x.Floats + (row * (_width + 3)), expected.Floats + (row * (_width + 2)));
                }
            }

            new ReadOnlySpan<float>(_y.Floats, _before.Length).SequenceEqual(new ReadOnlySpan<float>(expected.Floats, _before.Length))
                .ShouldBeTrue($"{_rows} × {_width}: {string.Join(", ", _steps)}");
        }

        public void Dispose()
        {
            _x.Dispose();
            _y.Dispose();
            _native.Dispose();
        }

        private void Apply(ComputeContext compute, RowOperation step, float* x, float* y)
        {
            fixed (float* v = _first.Data, b = _second.Data)
            {
                switch (step)
                {
                    case RowOperation.Copy:
                        new ReadOnlySpan<float>(x, _width).CopyTo(new Span<float>(y, _width));
                        break;
                    case RowOperation.Normalise:
                        compute.RmsNorm(x, _width, v, Epsilon, y, _width, 1, _width);
                        break;
                    case RowOperation.Multiply:
                        compute.MultiplyInto(v, y, _width);
                        break;
                    case RowOperation.Add:
                        compute.Add(v, y, _width);
                        break;
                    default:
                        for (int i = 0; i < _width; i++)
                        {
                            y[i] += b[i] * (1 - v[i]);
                        }

                        break;
                }
            }
        }

        private static NativeBuffer Native(float[] values)
        {
            NativeBuffer buffer = new((long)values.Length * sizeof(float));
            values.CopyTo(new Span<float>(buffer.Start, values.Length));
            return buffer;
        }
    }
}
