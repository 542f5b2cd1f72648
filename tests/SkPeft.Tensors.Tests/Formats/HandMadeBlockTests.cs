using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

/// <summary>Blocks worked out by hand, which run without ../shared.</summary>
public sealed class HandMadeBlockTests
{
    private static byte[] Half(float value) => BitConverter.GetBytes((Half)value);

    private static byte[] Repeat(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private static float[] Decode(uint type, int columns, params byte[][] parts)
    {
        using TemporaryFolder folder = new();
        byte[] block = [.. parts.SelectMany(p => p)];
        using GgufFile file = GgufFile.Open(folder.Write("a.gguf", new GgufBuilder().Tensor("t", [1, columns], type, block).Build()));
        file.Tensors["t"].ByteLength.ShouldBe(block.Length);
        return file.Tensors["t"].ToArray();
    }

    [Fact]
    public void Q4_0_LowNibblesComeFirst_AndEightIsZero()
    {
        float[] w = Decode(2, 32, Half(0.5f), [0xF0, 0x8F, .. Repeat(14, 0x98)]);

        w[..3].ShouldBe([-4f, 3.5f, 0f]);
        w[16..19].ShouldBe([3.5f, 0f, 0.5f]);
    }

    [Fact]
    public void Q4_1_AddsTheMinimum()
    {
        float[] w = Decode(3, 32, Half(0.25f), Half(-2f), [0x21, .. Repeat(14, 0), 0xFF]);

        w[..2].ShouldBe([-1.75f, -2f]);
        w[15].ShouldBe(1.75f);
        w[16].ShouldBe(-1.5f);
        w[31].ShouldBe(1.75f);
    }

    [Fact]
    public void Q5_0_TakesTheFifthBitOfEachWeight()
    {
        // Bits 0, 9 and 31 are set: those weights are 16 steps higher.
        float[] w = Decode(6, 32, Half(1f), BitConverter.GetBytes(0x80000201u), Repeat(16, 0x10));

        w[0].ShouldBe(0f);
        w[1].ShouldBe(-16f);
        w[9].ShouldBe(0f);
        w[16].ShouldBe(-15f);
        w[31].ShouldBe(1f);
    }

    [Fact]
    public void Q5_1_TakesTheFifthBitAndTheMinimum()
    {
        float[] w = Decode(7, 32, Half(2f), Half(1f), BitConverter.GetBytes(0x00018000u), Repeat(16, 0x32));

        w[14..17].ShouldBe([5f, 37f, 39f]);
        w[17].ShouldBe(7f);
    }

    [Fact]
    public void Q8_0_IsSigned()
    {
        float[] w = Decode(8, 32, Half(-0.125f), [0x80, 0x7F, .. Repeat(29, 0), 0xFF]);

        w[..3].ShouldBe([16f, -15.875f, 0f]);
        w[31].ShouldBe(0.125f);
    }

    [Fact]
    public void Q2_K_UsesOneScaleAndMinimumForSixteenWeights()
    {
        byte[] scales = Repeat(16, 0x01);
        scales[9] = 0x32; // scale 2, minimum 3: weights 144 to 159
        float[] w = Decode(10, 256, scales, Repeat(64, 0b11_10_01_00), Half(0.5f), Half(0.25f));

        w[0].ShouldBe(0f);
        w[32].ShouldBe(0.5f);
        w[64].ShouldBe(1f);
        w[96].ShouldBe(1.5f);
        w[128].ShouldBe(0f);
        w[144].ShouldBe(-0.75f);
        w[160].ShouldBe(0.5f);
    }

    [Fact]
    public void Q3_K_SubtractsFourWhereTheThirdBitIsClear()
    {
        byte[] third = Repeat(32, 0);
        third[3] = 0b1000_0010; // groups 1 and 7 of column 3
        byte[] scales = [.. Repeat(8, 0x11), .. Repeat(4, 0b10_10_10_10)]; // 1 | 2 << 4 = 33: scale 1
        float[] w = Decode(11, 256, third, Repeat(64, 0b11_10_01_00), scales, Half(2f));

        w[0].ShouldBe(-8f);
        w[35].ShouldBe(2f); // 1, third bit set
        w[36].ShouldBe(-6f);
        w[227].ShouldBe(6f);
        w[228].ShouldBe(-2f);
    }

    [Fact]
    public void Q4_K_UnpacksSixBitScales()
    {
        // Group 0: scale 63, minimum 1. Group 4: scale 0x25 = low nibble 5 of byte 8, upper bits 2 of byte 0's top pair.
        byte[] scales = [0xBF, 0, 0, 0, 0x41, 0, 0, 0, 0x35, 0, 0, 0];
        float[] w = Decode(12, 256, Half(1f), Half(0.5f), scales, Repeat(128, 0x21));

        w[0].ShouldBe(62.5f); // 63 · 1 − 0.5 · 1
        w[32].ShouldBe(0f);
        w[128].ShouldBe(0x25 * 1 - 0.5f * 0x13); // minimum: high nibble 3, upper bits 1 of byte 4's top pair
    }

    [Fact]
    public void Q5_K_AddsTheFifthBitOfTheGroup()
    {
        byte[] scales = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1];
        byte[] fifth = Repeat(32, 0);
        fifth[31] = 0b1000_0001;
        float[] w = Decode(13, 256, Half(1f), Half(1f), scales, fifth, Repeat(128, 0x21));

        w[30..32].ShouldBe([1f, 17f]);
        w[63].ShouldBe(2f);
        w[255].ShouldBe(18f);
    }

    [Fact]
    public void Q6_K_HasSignedScales()
    {
        byte[] scales = Repeat(16, 1);
        scales[1] = 0xFE; // −2
        float[] w = Decode(14, 256, Repeat(128, 0xA5), Repeat(64, 0b11_10_01_00), scales, Half(0.5f));

        w[0].ShouldBe((5 - 32) * 0.5f);
        w[16].ShouldBe((5 - 32) * -1f);
        w[32].ShouldBe((0x15 - 32) * 0.5f);
        w[64].ShouldBe((0x2A - 32) * 0.5f);
        w[96].ShouldBe((0x3A - 32) * 0.5f);
    }

    [Fact]
    public void IQ4_NL_LooksValuesUp()
    {
        float[] w = Decode(20, 32, Half(2f), [0xF0, .. Repeat(15, 0x87)]);

        w[..2].ShouldBe([-254f, -20f]);
        w[16..18].ShouldBe([226f, 2f]);
    }

    [Fact]
    public void IQ4_XS_TakesTwoUpperBitsOfEachScale()
    {
        byte[] upper = BitConverter.GetBytes((ushort)0b11_00_00_00_00_00_00_10);
        byte[] lower = [0x11, 0, 0, 0xF0];
        float[] w = Decode(23, 256, Half(1f), upper, lower, Repeat(128, 0x80));

        w[0].ShouldBe((33 - 32) * -127f);
        w[16].ShouldBe(1f);
        w[32].ShouldBe((1 - 32) * -127f);
        w[240].ShouldBe((63 - 32) * 1f);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(30, 0)]
    [InlineData(30, 1)]
    public void HalfAndBFloat_EveryBitPattern_WidensExactly(uint type, int shift)
    {
        // Once from an odd offset in the row, so that the vector loops meet every pattern in another lane, and a tail.
        ushort[] patterns = [.. Enumerable.Range(shift, 65536 - shift).Select(i => (ushort)i)];
        float[] w = Decode(type, patterns.Length, [.. patterns.SelectMany(BitConverter.GetBytes)]);

        for (int i = 0; i < patterns.Length; i++)
        {
            float expected = type == 30 ? BitConverter.UInt32BitsToSingle((uint)patterns[i] << 16) : ByDefinition(patterns[i]);
            bool same = float.IsNaN(expected) ? float.IsNaN(w[i]) : BitConverter.SingleToUInt32Bits(w[i]) == BitConverter.SingleToUInt32Bits(expected);
            same.ShouldBeTrue($"pattern 0x{patterns[i]:X4}");
        }
    }

    // IEEE 754 binary16, from its definition.
    private static float ByDefinition(ushort bits)
    {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        double magnitude = exponent switch
        {
            0 => fraction * Math.Pow(2, -24),
            31 => fraction == 0 ? double.PositiveInfinity : double.NaN,
            _ => (1024 + fraction) * Math.Pow(2, exponent - 25),
        };
        return (float)((bits & 0x8000) == 0 ? magnitude : -magnitude);
    }
}
