using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>A call of row attention on random values, with all its memory, and the same in plain double precision.</summary>
internal sealed unsafe class RowAttentionCase
{
    private readonly int _heads;
    private readonly int _keyHeads;
    private readonly int _dim;
    private readonly (int Count, int Prefix)[] _sequences;
    private readonly int _rows;
    private readonly int _width;
    private readonly float _scale;
    private readonly float[] _fused;
    private readonly float[][] _prefixes;
    private readonly float[] _outputGradient;

    /// <summary>Creates values.</summary>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Heads of keys and values.</param>
    /// <param name="dim">Values in a head.</param>
    /// <param name="sequences">Rows of a sequence, and which prefix it has (−1: none).</param>
    /// <param name="prefixes">Keys in every prefix.</param>
    public RowAttentionCase(int heads, int keyHeads, int dim, (int Count, int Prefix)[] sequences, int[] prefixes)
    {
        (_heads, _keyHeads, _dim, _sequences) = (heads, keyHeads, dim, sequences);
        _rows = sequences.Sum(s => s.Count) + sequences.Length;
        _width = ((heads + (2 * keyHeads)) * dim) + 3;
        _scale = 1f / MathF.Sqrt(dim);
        _fused = RandomValues.Normal(_rows * _width, 1);
        _outputGradient = RandomValues.Normal(_rows * heads * dim, 2);
        _prefixes = [.. prefixes.SelectMany((count, i) => new[] { 2 * i, (2 * i) + 1 }.Select(seed => RandomValues.Normal(count * keyHeads * dim, 10 + seed)))];
    }

    /// <summary>First rows of the sequences: one unused row lies in front of each.</summary>
    private IEnumerable<int> FirstRows => _sequences.Select((_, s) => _sequences[..s].Sum(t => t.Count) + s + 1);

    public float[] Output { get; private set; } = [];

    public float[] LogSums { get; private set; } = [];

    /// <summary>Gradient of the fused rows q|k|v.</summary>
    public float[] FusedGradient { get; private set; } = [];

    /// <summary>Gradients of keys and values of every prefix in turn.</summary>
    public float[][] PrefixGradients { get; private set; } = [];

    public void Run(InstructionSet set, int threads)
    {
        using var team = new WorkerTeam(threads);
        using var compute = new ComputeContext(team, set);
        Output = new float[_rows * _heads * _dim];
        LogSums = new float[_rows * _heads];
        FusedGradient = [.. Enumerable.Repeat(float.NaN, _fused.Length)];
        PrefixGradients = [.. _prefixes.Select(p => new float[p.Length])];
        NativeBuffer[] prefixes = [.. _prefixes.Select(Copy)];
        NativeBuffer[] gradients = [.. PrefixGradients.Select(Copy)];
        RowSpan[] spans = [.. _sequences.Zip(FirstRows, (s, first) => Span(first, s.Count, s.Prefix, prefixes, gradients))];
        fixed (float* f = _fused, o = Output, l = LogSums, df = FusedGradient, dO = _outputGradient)
        {
            var call = new RowAttention
            {
                Heads = _heads,
                KeyValueHeads = _keyHeads,
                HeadDim = _dim,
                Scale = _scale,
                Queries = f,
                QueryStride = _width,
                Keys = f + (_heads * _dim),
                KeyStride = _width,
                Values = f + ((_heads + _keyHeads) * _dim),
                ValueStride = _width,
                Output = o,
                OutputStride = _heads * _dim,
                LogSums = l,
            };
            compute.AttendRows(call, spans);
            var gradient = new RowAttentionGradient
            {
                Output = dO,
                OutputStride = _heads * _dim,
                Queries = df,
                QueryStride = _width,
                Keys = df + (_heads * _dim),
                KeyStride = _width,
                Values = df + ((_heads + _keyHeads) * _dim),
                ValueStride = _width,
            };
            compute.AttendRowsGradient(call, gradient, spans);
        }

        for (int p = 0; p < gradients.Length; p++)
        {
            new Span<float>(gradients[p].Start, PrefixGradients[p].Length).CopyTo(PrefixGradients[p]);
            gradients[p].Dispose();
            prefixes[p].Dispose();
        }
    }

    /// <summary>Compares everything with double precision; gradients with central differences.</summary>
    public void Check(string what)
    {
        double[] fused = Differences.Doubles(_fused);
        double[][] prefixes = [.. _prefixes.Select(p => Differences.Doubles(p))];
        (double[] output, double[] logSums) = Forward(fused, prefixes);
        bool[] used = UsedRows();
        for (int i = 0; i < Output.Length; i++)
        {
            ((double)Output[i]).ShouldBe(output[i], 3e-6, $"{what}: output {i}");
        }

        for (int i = 0; i < LogSums.Length; i++)
        {
            ((double)LogSums[i]).ShouldBe(logSums[i], 2e-6 * Math.Max(1, Math.Abs(logSums[i])), $"{what}: log sum {i}");
        }

        double Loss() => Forward(fused, prefixes).Output.Zip(_outputGradient, (o, d) => o * d).Sum();
        double[] expected = Differences.Gradient(fused, Loss);
        int[] inside = [.. Enumerable.Range(0, fused.Length).Where(i => used[i / _width] && i % _width < _width - 3)];
        Enumerable.Range(0, fused.Length).Except(inside).ShouldAllBe(i => float.IsNaN(FusedGradient[i]), what);
        Differences.ShouldAgree(inside.Select(i => FusedGradient[i]), [.. inside.Select(i => expected[i])], 1e-5, $"{what}: dq|dk|dv");
        for (int p = 0; p < prefixes.Length; p++)
        {
            Differences.ShouldAgree(PrefixGradients[p], Differences.Gradient(prefixes[p], Loss), 1e-5, $"{what}: prefix {p}");
        }
    }

    private static NativeBuffer Copy(float[] values)
    {
        var buffer = new NativeBuffer(values.Length * sizeof(float));
        values.CopyTo(new Span<float>(buffer.Start, values.Length));
        return buffer;
    }

    private RowSpan Span(int first, int count, int prefix, NativeBuffer[] prefixes, NativeBuffer[] gradients) => prefix < 0
        ? new RowSpan { FirstRow = first, Count = count }
        : new RowSpan
        {
            FirstRow = first,
            Count = count,
            PrefixKeys = prefixes[2 * prefix].Floats,
            PrefixValues = prefixes[(2 * prefix) + 1].Floats,
            PrefixCount = _prefixes[2 * prefix].Length / (_keyHeads * _dim),
            PrefixKeysGradient = gradients[2 * prefix].Floats,
            PrefixValuesGradient = gradients[(2 * prefix) + 1].Floats,
        };

    private bool[] UsedRows()
    {
        var used = new bool[_rows];
        foreach ((int first, (int count, _)) in FirstRows.Zip(_sequences))
        {
            used.AsSpan(first, count).Fill(true);
        }

        return used;
    }

    private (double[] Output, double[] LogSums) Forward(double[] fused, double[][] prefixes)
    {
        var output = new double[_rows * _heads * _dim];
        var logSums = new double[_rows * _heads];
        foreach ((int first, (int count, int prefix)) in FirstRows.Zip(_sequences))
        {
            int length = prefix < 0 ? 0 : prefixes[2 * prefix].Length / (_keyHeads * _dim);
            for (int row = first; row < first + count; row++)
            {
                for (int head = 0; head < _heads; head++)
                {
                    int keyHead = head / (_heads / _keyHeads);
                    double At(int kind, int p, int d) => p < length
                        ? prefixes[(2 * prefix) + kind][(((p * _keyHeads) + keyHead) * _dim) + d]
                        : fused[((first + p - length) * _width) + ((_heads + (kind * _keyHeads) + keyHead) * _dim) + d];
                    int seen = length + row - first + 1;
                    var weights = new double[seen];
                    for (int p = 0; p < seen; p++)
                    {
                        double score = 0;
                        for (int d = 0; d < _dim; d++)
                        {
                            score += fused[(row * _width) + (head * _dim) + d] * At(0, p, d);
                        }

                        weights[p] = Math.Exp(score * _scale);
                    }

                    double sum = weights.Sum();
                    logSums[(row * _heads) + head] = Math.Log(sum);
                    for (int d = 0; d < _dim; d++)
                    {
                        for (int p = 0; p < seen; p++)
                        {
                            output[(((row * _heads) + head) * _dim) + d] += weights[p] / sum * At(1, p, d);
                        }
                    }
                }
            }
        }

        return (output, logSums);
    }
}
