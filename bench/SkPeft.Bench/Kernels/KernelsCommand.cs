using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Bench.Kernels;

/// <summary>
/// Products with weights of every panel format on every instruction set: GB/s of weights while decoding (one column, weights
/// larger than the caches), Gop/s for a batch of 16 and a prompt of 512 columns; then fp32 products. One multiply-add counts
/// as two operations.
/// </summary>
internal static unsafe class KernelsCommand
{
    private const int Rows = 4096;
    private const int Columns = 2048;

    public static int Run(PeerOptions options)
    {
        TextWriter to = Console.Out;
        using var team = new WorkerTeam(options.Threads);
        var peaks = new MachinePeaks(team);
        to.WriteLine($"{Machine.Cpu()}, {options.Threads} threads; best of several runs");
        to.WriteLine($"memory read {peaks.ReadGigabytes():f1} GB/s; fp32 multiply-add {peaks.FmaGigaflops():f0} GFLOP/s; dispatch {peaks.DispatchMicroseconds():f2} us");
        foreach (InstructionSet set in InstructionSets.Supported.Reverse())
        {
            using var compute = new ComputeContext(team, set);
            Weights(to, compute, team);
            Products(to, compute);
        }

        return 0;
    }

    private static void Weights(TextWriter to, ComputeContext compute, WorkerTeam team)
    {
        using var x = new NativeBuffer(512L * Columns * sizeof(float));
        using var y = new NativeBuffer(512L * Rows * sizeof(float));
        Fill(x);
        foreach (WeightSample sample in WeightSample.All)
        {
            // Enough copies that no cache holds them all: decoding reads every weight once a token.
            PackedMatrix[] copies = [.. Enumerable.Range(0, sample.CopiesBeyond(400L << 20, Rows, Columns)).Select(_ => sample.Pack(Rows, Columns, team))];
            long bytes = copies.Sum(c => c.Bytes);
            foreach (Precision precision in sample.Precisions)
            {
                double one = Stopclock.Best(() =>
                {
                    foreach (PackedMatrix copy in copies)
                    {
                        compute.Multiply(copy, x.Floats, Columns, 1, y.Floats, Rows, false, precision);
                    }
                });
                double batch = Stopclock.Best(() => compute.Multiply(copies[0], x.Floats, Columns, 16, y.Floats, Rows, false, precision));
                double prompt = Stopclock.Best(() => compute.Multiply(copies[0], x.Floats, Columns, 512, y.Floats, Rows, false, precision));
                double operations = 2.0 * Rows * Columns / 1e9;
                to.WriteLine($"{compute.InstructionSet,-9} {sample.Name,-5} {precision,-5}  decode {bytes / one / 1e9,6:f1} GB/s   " +
                    $"16 columns {16 * operations / batch,6:f0} Gop/s   512 columns {512 * operations / prompt,6:f0} Gop/s");
            }

            foreach (PackedMatrix copy in copies)
            {
                copy.Dispose();
            }
        }
    }

    private static void Products(TextWriter output, ComputeContext compute)
    {
        const long Bytes = 2048L * 2048 * sizeof(float);
        using NativeBuffer x = new(Bytes), w = new(Bytes), y = new(Bytes), to = new(Bytes);
        Fill(x);
        Fill(w);
        Fill(y);
        foreach ((int m, int n, int k) in new[] { (512, 576, 576), (512, 1536, 576), (512, 2048, 2048) })
        {
            double forward = Stopclock.Best(() => compute.Gemm(m, n, k, x.Floats, k, false, w.Floats, k, true, to.Floats, n, false));
            double inputs = Stopclock.Best(() => compute.Gemm(m, k, n, y.Floats, n, false, w.Floats, k, false, to.Floats, k, false));
            double weights = Stopclock.Best(() => compute.Gemm(n, k, m, y.Floats, n, true, x.Floats, k, false, to.Floats, k, false));
            double operations = 2.0 * m * n * k / 1e9;
            output.WriteLine($"{compute.InstructionSet,-9} fp32 product {m}x{n}x{k}: forward {operations / forward,5:f0}   dX {operations / inputs,5:f0}   " +
                $"dW {operations / weights,5:f0} GFLOP/s");
        }
    }

    private static void Fill(NativeBuffer buffer)
    {
        var random = new Random(1);
        foreach (ref float value in new Span<float>(buffer.Start, (int)(buffer.Bytes / sizeof(float))))
        {
            value = random.NextSingle() - 0.5f;
        }
    }
}
