using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class TensorEncoderTests
{
    private static readonly TensorType[] s_writable =
        [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1];

    // Sixteenths, most of them in the middle between two steps of 4 bits.
    private static readonly float[] s_even = [.. Enumerable.Range(0, 32).Select(i => (((i * 37 + 11) % 64) - 31) * 0.0625f)];

    // Far from zero, close together.
    private static readonly float[] s_narrow = [.. Enumerable.Range(0, 32).Select(i => (float)(((i % 2 == 0 ? 1 : -1) * (i * i % 29) * 1e-3) + 0.125))];

    /// <summary>The bytes were made by ggml's own quantize_row_*_ref (compiled without optimisation) from the same numbers.</summary>
    [Theory]
    [InlineData(TensorType.Q8_0,
        "d023ae46d76f009129ba52e37b0c9e35c75ef08119aa42d36bfc8d25b64edf77089a", "ef1468676b6075536e576d5573647f547a557c516c5d7b6378627d5a6f6469686964")]
    [InlineData(TensorType.Q4_0, "c033730ca53fc851fb841da63fd962fb942e", "e5a401321122012301230123112210131023")]
    [InlineData(TensorType.Q4_1, "1134c0bf730c952ec851ea731da63fc862fb841d", "a51b352ee8079945ec61d962e931ab668f818d62")]
    public void TryEncode_GivesTheBytesOfGgmlsReference(TensorType type, string even, string narrow)
    {
        Convert.ToHexStringLower(Encode(type, s_even)).ShouldBe(even);
        Convert.ToHexStringLower(Encode(type, s_narrow)).ShouldBe(narrow);
        Convert.ToHexStringLower(Encode(type, [.. s_narrow, .. s_even])).ShouldBe(narrow + even);
    }

    [Fact]
    public void TryEncode_Q8_0_RoundsHalvesAwayFromZero()
    {
        float[] block = new float[32];
        (block[0], block[1], block[2], block[3], block[4]) = (127, 0.5f, -0.5f, 2.5f, MathF.BitDecrement(2.5f));

        Encode(TensorType.Q8_0, block)[2..7].ShouldBe([127, 1, 0xFF, 3, 2]);
    }

    [Fact]
    public void TryEncode_BlocksOfZeros_KeepThem()
    {
        float[] minus = new float[32];
        Array.Fill(minus, -0f);
        Encode(TensorType.Q8_0, minus).ShouldAllBe(b => b == 0);
        Encode(TensorType.Q4_0, new float[32]).ShouldBe([0x00, 0x80, .. Enumerable.Repeat((byte)0x88, 16)]);
        Encode(TensorType.Q4_1, [0, .. minus[1..]]).ShouldAllBe(b => b == 0);
        Encode(TensorType.Q4_1, [-0f, .. new float[31]])[..4].ShouldBe([0, 0, 0, 0x80]);
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2.5f, 0xC020)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.00390637f, 0x3F81)]
    [InlineData(float.Epsilon, 0x0000)]
    [InlineData(-0f, 0x8000)]
    public void TryEncode_BF16_RoundsToNearestAndTiesToEven(float value, int expected) =>
        BitConverter.ToUInt16(Encode(TensorType.BF16, [value])).ShouldBe((ushort)expected);

    [Theory]
    [InlineData(65504f, 0x7BFF)]
    [InlineData(1.00048828125f, 0x3C00)]
    [InlineData(1.00146484375f, 0x3C02)]
    [InlineData(5.9604645e-8f, 0x0001)]
    [InlineData(2.9802322e-8f, 0x0000)]
    public void TryEncode_F16_RoundsToNearestAndTiesToEven(float value, int expected) =>
        BitConverter.ToUInt16(Encode(TensorType.F16, [value])).ShouldBe((ushort)expected);

    [Theory]
    [InlineData(TensorType.Q8_0, 0.5 / 127)]
    [InlineData(TensorType.Q4_0, 1.0 / 8)]
    [InlineData(TensorType.Q4_1, 1.0 / 15)]
    [InlineData(TensorType.F16, 1.0 / 2048)]
    [InlineData(TensorType.BF16, 1.0 / 256)]
    public void TryEncode_ThenDecode_StaysWithinAStep(TensorType type, double worstShare)
    {
        // Half a step of the block's largest weight; Q4_0 has no +8, so there a whole one. The scale's own rounding comes on top.
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            double size = Math.Pow(10, random.NextDouble() * 4); // Smaller ones would have a scale that halves hold badly.
            float[] values = [.. Enumerable.Range(0, 96).Select(_ => (float)((random.NextDouble() * 2 - 1) * size))];
            float[] back = Decode(type, Encode(type, values));
            for (int i = 0; i < values.Length; i++)
            {
                double largest = values.Skip(i / 32 * 32).Take(32).Max(Math.Abs);
                Math.Abs(back[i] - values[i]).ShouldBeLessThanOrEqualTo((float)(largest * (worstShare + 1.0 / 1024)));
            }
        }
    }

    [Theory]
    [InlineData("token_embd.weight", TensorType.Q8_0)]
    [InlineData("blk.7.ffn_down.weight", TensorType.Q4_1)]
    public void TryEncode_WhatGgmlQuantised_GivesItsBytesAgain(string name, TensorType type)
    {
        using GgufFile file = GgufFile.Open(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"));
        StoredTensor tensor = file.Tensors[name];
        tensor.Type.ShouldBe(type);
        float[] row = new float[tensor.ColumnCount];
        for (int i = 0; i < tensor.RowCount; i += 7)
        {
            tensor.DequantizeRow(i, row);
            Encode(type, row).AsSpan().SequenceEqual(tensor.RowBytes(i)).ShouldBeTrue($"row {i}");
        }
    }

    [Fact]
    public void TryEncode_WhatIsNotFinite_IsFoundUnlessTheTypeCanHoldIt()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] values = new float[64];
            values[37] = bad;
            foreach (TensorType type in s_writable.Except([TensorType.F32]))
            {
                TensorEncoder.TryEncode(type, values, Room(type, 64), out int at).ShouldBeFalse();
                at.ShouldBe(37);
            }

            Decode(TensorType.F32, Encode(TensorType.F32, values)).ShouldBe(values);
        }
    }

    [Theory]
    [InlineData(TensorType.F16, 65520f, 65519f)]
    [InlineData(TensorType.Q8_0, 127 * 65520f, 127 * 65500f)]
    [InlineData(TensorType.Q4_0, -8 * 65520f, -8 * 65500f)]
    [InlineData(TensorType.Q4_1, -65520f, -65500f)]
    [InlineData(TensorType.BF16, float.MaxValue, 3e38f)]
    public void TryEncode_BeyondTheRange_IsFound(TensorType type, float beyond, float within)
    {
        float[] values = new float[64];
        values[40] = beyond;
        TensorEncoder.TryEncode(type, values, Room(type, 64), out int at).ShouldBeFalse();
        at.ShouldBeInRange(32, 40);
        values[40] = within;
        TensorEncoder.TryEncode(type, values, Room(type, 64), out _).ShouldBeTrue();
    }

    [Fact]
    public void TryEncode_WeightsTooSmallForAScale_BecomeZero()
    {
        float[] values = [.. Enumerable.Range(0, 32).Select(i => (i - 16) * 1e-42f)];
        foreach (TensorType type in s_writable.Except([TensorType.F32, TensorType.BF16]))
        {
            Decode(type, Encode(type, values)).ShouldAllBe(w => w == 0);
        }
    }

    [Fact]
    public void TryEncode_BadRequests_AreRefused()
    {
        Should.Throw<ArgumentException>(() => TensorEncoder.TryEncode(TensorType.Q8_0, new float[33], new byte[35], out _)).Message.ShouldContain("33 numbers");
        Should.Throw<ArgumentException>(() => TensorEncoder.TryEncode(TensorType.F16, new float[2], new byte[3], out _)).Message.ShouldContain("3 bytes");
        Should.Throw<ArgumentException>(() => TensorEncoder.TryEncode(TensorType.Q6_K, new float[256], new byte[210], out _)).Message.ShouldContain("Q4_1");
        Enum.GetValues<TensorType>().Where(t => t.IsWritable()).ShouldBe(s_writable, ignoreOrder: true);
        TensorEncoder.TryEncode(TensorType.Q8_0, [], [], out _).ShouldBeTrue();
    }

    private static byte[] Room(TensorType type, int count) => new byte[count / type.BlockSize() * type.BytesPerBlock()];

    private static byte[] Encode(TensorType type, float[] values)
    {
        byte[] bytes = Room(type, values.Length);
        TensorEncoder.TryEncode(type, values, bytes, out int bad).ShouldBeTrue($"number {bad}");
        return bytes;
    }

    private static float[] Decode(TensorType type, byte[] bytes)
    {
        float[] values = new float[bytes.Length / type.BytesPerBlock() * type.BlockSize()];
        TensorTypeInfo.Of(type).Decoder!(bytes, values);
        return values;
    }
}
