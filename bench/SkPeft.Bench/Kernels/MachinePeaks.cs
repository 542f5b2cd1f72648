using System.Runtime.Intrinsics;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Bench.Kernels;

/// <summary>What plain loops reach on this machine: the ceilings beside which kernels are judged.</summary>
internal sealed unsafe class MachinePeaks(WorkerTeam team)
{
    private const long ReadBytes = 256L << 20;
    private const int Steps = 200_000;
    private const int Chains = 12;

    /// <summary>GB/s of reading memory that no cache holds, all workers together.</summary>
    public double ReadGigabytes()
    {
        using var memory = new NativeBuffer(ReadBytes);
        var work = new ReadWork(memory.Start);
        return ReadBytes / Stopclock.Best(() => team.Run(work)) / 1e9;
    }

    /// <summary>GFLOP/s of independent fp32 multiply-adds, all workers together.</summary>
    public double FmaGigaflops()
    {
        var work = new FmaWork();
        int lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        return 2.0 * lanes * Chains * Steps * team.Count / Stopclock.Best(() => team.Run(work)) / 1e9;
    }

    /// <summary>Microseconds of an empty dispatch to the team.</summary>
    public double DispatchMicroseconds()
    {
        var work = new EmptyWork();
        return Stopclock.Best(() => team.Run(work)) * 1e6;
    }

    private sealed class EmptyWork : IWork
    {
        public void Execute(int worker, int workers)
        {
        }
    }

    private sealed class ReadWork(byte* memory) : IWork
    {
        private Vector256<byte> _sink;

        public void Execute(int worker, int workers)
        {
            byte* from = memory + (ReadBytes / workers * worker);
            Vector256<byte> a = default, b = default, c = default, d = default;
            for (long i = 0; i + 128 <= ReadBytes / workers; i += 128)
            {
                a |= Vector256.Load(from + i);
                b |= Vector256.Load(from + i + 32);
                c |= Vector256.Load(from + i + 64);
                d |= Vector256.Load(from + i + 96);
            }

            _sink = a | b | c | d;
        }
    }

    private sealed class FmaWork : IWork
    {
        private float _sink;

        public void Execute(int worker, int workers) => _sink =
            Vector512.IsHardwareAccelerated ? Wide() : Vector256.IsHardwareAccelerated ? Middle() : Narrow();

        private static float Wide()
        {
            Vector512<float> x = Vector512.Create(0.5f), y = Vector512.Create(0.25f);
            Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int s = 0; s < Steps; s++)
            {
                a = Vector512.FusedMultiplyAdd(a, x, y);
                b = Vector512.FusedMultiplyAdd(b, x, y);
                c = Vector512.FusedMultiplyAdd(c, x, y);
                d = Vector512.FusedMultiplyAdd(d, x, y);
                e = Vector512.FusedMultiplyAdd(e, x, y);
                f = Vector512.FusedMultiplyAdd(f, x, y);
                g = Vector512.FusedMultiplyAdd(g, x, y);
                h = Vector512.FusedMultiplyAdd(h, x, y);
                i = Vector512.FusedMultiplyAdd(i, x, y);
                j = Vector512.FusedMultiplyAdd(j, x, y);
                k = Vector512.FusedMultiplyAdd(k, x, y);
                l = Vector512.FusedMultiplyAdd(l, x, y);
            }

            return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }

        private static float Middle()
        {
            Vector256<float> x = Vector256.Create(0.5f), y = Vector256.Create(0.25f);
            Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int s = 0; s < Steps; s++)
            {
                a = Vector256.FusedMultiplyAdd(a, x, y);
                b = Vector256.FusedMultiplyAdd(b, x, y);
                c = Vector256.FusedMultiplyAdd(c, x, y);
                d = Vector256.FusedMultiplyAdd(d, x, y);
                e = Vector256.FusedMultiplyAdd(e, x, y);
                f = Vector256.FusedMultiplyAdd(f, x, y);
                g = Vector256.FusedMultiplyAdd(g, x, y);
                h = Vector256.FusedMultiplyAdd(h, x, y);
                i = Vector256.FusedMultiplyAdd(i, x, y);
                j = Vector256.FusedMultiplyAdd(j, x, y);
                k = Vector256.FusedMultiplyAdd(k, x, y);
                l = Vector256.FusedMultiplyAdd(l, x, y);
            }

            return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }

        private static float Narrow()
        {
            Vector128<float> x = Vector128.Create(0.5f), y = Vector128.Create(0.25f);
            Vector128<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int s = 0; s < Steps; s++)
            {
                a = Vector128.MultiplyAddEstimate(a, x, y);
                b = Vector128.MultiplyAddEstimate(b, x, y);
                c = Vector128.MultiplyAddEstimate(c, x, y);
                d = Vector128.MultiplyAddEstimate(d, x, y);
                e = Vector128.MultiplyAddEstimate(e, x, y);
                f = Vector128.MultiplyAddEstimate(f, x, y);
                g = Vector128.MultiplyAddEstimate(g, x, y);
                h = Vector128.MultiplyAddEstimate(h, x, y);
                i = Vector128.MultiplyAddEstimate(i, x, y);
                j = Vector128.MultiplyAddEstimate(j, x, y);
                k = Vector128.MultiplyAddEstimate(k, x, y);
                l = Vector128.MultiplyAddEstimate(l, x, y);
            }

            return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
        }
    }
}
