using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed unsafe class HalfTests
{
    [Fact]
    public void LoadHalf_EveryFiniteValue_IsExact()
    {
        RunLoad<Lanes128>();
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            (set switch { InstructionSet.Avx2 => (Action)RunLoad<Lanes256>, InstructionSet.Avx512 => RunLoad<Lanes512>, _ => RunLoad<Lanes128> })();
        }
    }

    [Fact]
    public void StoreHalf_RandomAndAwkwardValues_RoundToEvenAndSaturate()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            (set switch { InstructionSet.Avx2 => (Action)RunStore<Lanes256>, InstructionSet.Avx512 => RunStore<Lanes512>, _ => RunStore<Lanes128> })();
        }
    }

    private static void RunLoad<T>()
        where T : unmanaged, ILanes<T>
    {
        ushort* bits = stackalloc ushort[16];
        float* values = stackalloc float[16];
        for (int start = 0; start < 65536; start += 16)
        {
            for (int i = 0; i < 16; i++)
            {
                bits[i] = (ushort)(start + i);
            }

            T.Store(T.LoadHalf(bits), values);
            for (int i = 0; i < 16; i++)
            {
                float expected = (float)BitConverter.UInt16BitsToHalf(bits[i]);
                if (float.IsFinite(expected))
                {
                    BitConverter.SingleToInt32Bits(values[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected), $"half 0x{bits[i]:x4}");
                }
            }
        }
    }

    private static void RunStore<T>()
        where T : unmanaged, ILanes<T>
    {
        float[] awkward =
        [
            0f, -0f, float.Epsilon, 5.9604645e-8f, 2.9802322e-8f, 2.98023242e-8f, 6.1035156e-5f, 6.1005e-5f, 1.00048828125f, 1.00146484375f,
            65504f, 65519f, 65520f, 1e9f, -1e9f, float.PositiveInfinity,
        ];
        var random = new Random(11);
        ushort* bits = stackalloc ushort[16];
        for (int round = 0; round < 5000; round++)
        {
            fixed (float* p = awkward)
            {
                T.StoreHalf(T.Load(p), bits);
            }

            for (int i = 0; i < 16; i++)
            {
                float clamped = Math.Clamp(awkward[i], -65504f, 65504f);
                bits[i].ShouldBe(BitConverter.HalfToUInt16Bits((Half)clamped), $"{awkward[i]:r}");
                awkward[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-28, 18)));
            }
        }

        float[] undefined = [.. Enumerable.Repeat(float.NaN, 16)];
        fixed (float* p = undefined)
        {
            T.StoreHalf(T.Load(p), bits);
        }

        Half.IsNaN(BitConverter.UInt16BitsToHalf(bits[7])).ShouldBeTrue();
    }
}
