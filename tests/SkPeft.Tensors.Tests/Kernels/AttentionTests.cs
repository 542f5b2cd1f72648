using System.Runtime.InteropServices;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Attention against double precision: 2e-6 absolute for values near 1 (fp32 pages, and fp16 pages after rounding the inputs).</summary>
public sealed unsafe class AttentionTests
{
    public static TheoryData<InstructionSet, bool> Cases
    {
        get
        {
            var cases = new TheoryData<InstructionSet, bool>();
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                cases.Add(set, false);
                cases.Add(set, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attend_SequencesOfAllLengths_SeeTheirPastOnly(InstructionSet set, bool half)
    {
        foreach ((int heads, int kvHeads, int dim) in new[] { (1, 1, 2), (4, 2, 8), (9, 3, 64), (4, 1, 80), (2, 2, 128), (3, 3, 6) })
        {
            // Decoding rows and stretches of prompts in one call: (rows, first position).
            Check(set, half, heads, kvHeads, dim, [(1, 0), (1, 15), (1, 16), (1, 40), (2, 0), (3, 14), (8, 8), (9, 0), (20, 31)]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attend_LongPrompt_UsesTheWholeTeam(InstructionSet set, bool half) => Check(set, half, 3, 1, 16, [(100, 3)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadKeyAndValue_AfterWriting_GiveWhatWasWritten(bool half)
    {
        var layout = new KvPageLayout(Layers: 2, KvHeads: 3, HeadDim: 10, half);
        using var page = new NativeBuffer(layout.PageBytes);
        float[] k = RandomValues.Normal(30, 1);
        float[] v = RandomValues.Normal(30, 2);
        var back = new float[31];
        fixed (float* pk = k, pv = v, pb = back)
        {
            KvPages.WriteKey(layout, page.Start, 1, 15, pk);
            KvPages.WriteValue(layout, page.Start, 1, 15, pv);
            KvPages.ReadKey(layout, page.Start, 1, 15, pb);
            back[..30].ShouldBe(Rounded(k, half));
            KvPages.ReadValue(layout, page.Start, 1, 15, pb);
            back[..30].ShouldBe(Rounded(v, half));
            back[30].ShouldBe(0);
            KvPages.ReadKey(layout, page.Start, 0, 15, pb);
            back.ShouldAllBe(x => x == 0);
        }
    }

    private static void Check(InstructionSet set, bool half, int heads, int kvHeads, int dim, (int Rows, int First)[] sequences)
    {
        const int Layer = 1;
        var layout = new KvPageLayout(2, kvHeads, dim, half);
        int total = sequences.Sum(s => s.Rows);
        int strideQ = (heads * dim) + 3;
        int strideO = (heads * dim) + 1;
        float[] q = [.. RandomValues.Normal(total * strideQ, 1).Select(v => 3 * v)];
        var output = new float[total * strideO];
        var keys = new List<float[]>();
        var values = new List<float[]>();
        var pages = new List<NativeBuffer>();
        var tables = new List<NativeBuffer>();
        var spans = new List<AttentionSpan>();
        int firstRow = 0;
        foreach ((int rows, int first) in sequences)
        {
            int length = first + rows;
            float[] k = RandomValues.Normal(length * kvHeads * dim, firstRow + 5);
            float[] v = RandomValues.Normal(length * kvHeads * dim, firstRow + 6);
            var table = new NativeBuffer((length + 15) / 16 * sizeof(byte*));
            byte** entries = (byte**)table.Start;
            for (int p = 0; p * 16 < length; p++)
            {
                // Memory that was never written must not matter.
                var page = new NativeBuffer(layout.PageBytes);
                new Span<byte>(page.Start, (int)page.Bytes).Fill(0xFF);
                entries[p] = page.Start;
                pages.Add(page);
            }

            fixed (float* pk = k, pv = v)
            {
                for (int i = 0; i < length; i++)
                {
                    KvPages.WriteKey(layout, entries[i / 16], Layer, i % 16, pk + (i * kvHeads * dim));
                    KvPages.WriteValue(layout, entries[i / 16], Layer, i % 16, pv + (i * kvHeads * dim));
                }
            }

            spans.Add(new AttentionSpan(firstRow, rows, first, entries));
            keys.Add(Rounded(k, half));
            values.Add(Rounded(v, half));
            tables.Add(table);
            firstRow += rows;
        }

        float scale = 1f / MathF.Sqrt(dim);
        using (var team = new WorkerTeam(2))
        using (var compute = new ComputeContext(team, set))
        {
            fixed (float* pq = q, po = output)
            {
                var call = new AttentionCall
                {
                    Layout = layout,
                    Layer = Layer,
                    Heads = heads,
                    Queries = pq,
                    QueryStride = strideQ,
                    Output = po,
                    OutputStride = strideO,
                    Scale = scale,
                };
                compute.Attend(call, CollectionsMarshal.AsSpan(spans));
            }
        }

        for (int s = 0; s < sequences.Length; s++)
        {
            for (int i = 0; i < sequences[s].Rows; i++)
            {
                int row = spans[s].FirstRow + i;
                output[(row * strideO) + (heads * dim)].ShouldBe(0);
                for (int h = 0; h < heads; h++)
                {
                    float[] query = q[((row * strideQ) + (h * dim))..((row * strideQ) + ((h + 1) * dim))];
                    double[] expected = Reference(query, keys[s], values[s], kvHeads, h / (heads / kvHeads), sequences[s].First + i + 1, scale);
                    for (int d = 0; d < dim; d++)
                    {
                        ((double)output[(row * strideO) + (h * dim) + d]).ShouldBe(expected[d], 3e-6, $"sequence {s} row {i} head {h} [{d}]");
                    }
                }
            }
        }

        pages.ForEach(p => p.Dispose());
        tables.ForEach(t => t.Dispose());
    }

    private static double[] Reference(float[] q, float[] k, float[] v, int kvHeads, int head, int seen, float scale)
    {
        int dim = q.Length;
        var scores = new double[seen];
        for (int p = 0; p < seen; p++)
        {
            for (int d = 0; d < dim; d++)
            {
                scores[p] += (double)q[d] * k[(((p * kvHeads) + head) * dim) + d] * scale;
            }
        }

        double largest = scores.Max();
        double sum = scores.Sum(s => Math.Exp(s - largest));
        var output = new double[dim];
        for (int p = 0; p < seen; p++)
        {
            for (int d = 0; d < dim; d++)
            {
                output[d] += Math.Exp(scores[p] - largest) / sum * v[(((p * kvHeads) + head) * dim) + d];
            }
        }

        return output;
    }

    private static float[] Rounded(float[] x, bool half) => half ? [.. x.Select(v => (float)(Half)v)] : x;
}
