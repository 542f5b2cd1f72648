using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class GgufWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_GivesTheBytesOfTheSpecification()
    {
        float[] odd = [1, 2, 3, 4, 5, 6, 7];
        string path = _folder.PathOf("w.gguf");
        GgufMetadata metadata = new GgufMetadata()
            .Add("general.architecture", "llämä🙂").Add("n", 7u).Add("eps", 0.1f).Add("yes", true).Add("no", false)
            .Add("big", ulong.MaxValue).Add("i8", (sbyte)-3).Add("f64", 0.1)
            .AddArray("words", ["a", "", "Ġb"]).AddArray("ids", 1, -2).AddArray("scores", 0.5f, -1f);

        Write(path, metadata, [Entry("odd", [7], TensorType.F32, odd), Entry("two", [2, 3], TensorType.F16, [1, -2, 3, 0.5f, 0, 65504])]);

        byte[] expected = new GgufBuilder()
            .Add("general.architecture", "llämä🙂").Add("n", 7u).Add("eps", 0.1f).Add("yes", true).Add("no", false)
            .Raw("big", 10, BitConverter.GetBytes(ulong.MaxValue)).Raw("i8", 1, 0xFD).Raw("f64", 12, BitConverter.GetBytes(0.1))
            .Add("words", "a", "", "Ġb").Add("ids", 1, -2).Add("scores", 0.5f, -1f)
            .Tensor("odd", [7], odd)
            .Tensor("two", [2, 3], 1, [0x00, 0x3C, 0x00, 0xC0, 0x00, 0x42, 0x00, 0x38, 0x00, 0x00, 0xFF, 0x7B]).Build();
        byte[] written = File.ReadAllBytes(path);
        written[..expected.Length].ShouldBe(expected);
        written[expected.Length..].ShouldBe(new byte[20]); // The last tensor is padded too, as ggml's own writer does.
    }

    [Fact]
    public void Write_ThenRead_GivesEveryTypeOfMetadata()
    {
        string path = _folder.PathOf("w.gguf");
        GgufMetadata metadata = new GgufMetadata()
            .Add("u8", (byte)200).Add("i8", (sbyte)-100).Add("u16", (ushort)60000).Add("i16", (short)-30000).Add("u32", 4_000_000_000u)
            .Add("i32", -2_000_000_000).Add("u64", 1UL << 40).Add("i64", -1L << 40).Add("f32", 1.5f).Add("f64", Math.PI).Add("bool", true).Add("text", "ä")
            .AddArray("u8s", (byte)1, (byte)2).AddArray("i64s", 1L << 40, -5).AddArray("f64s", 0.5, 2.5).AddArray("bools", true, false)
            .AddArray("none", ReadOnlySpan<int>.Empty).AddArray("texts", ["x", "y"]);
        Write(path, metadata, []);

        using GgufFile file = GgufFile.Open(path);
        file.Version.ShouldBe(3);
        file.Tensors.ShouldBeEmpty();
        file.Metadata.Count.ShouldBe(18);
        (string Key, long Value, GgufValueType Type)[] integers =
        [
            ("u8", 200, GgufValueType.UInt8), ("i8", -100, GgufValueType.Int8), ("u16", 60000, GgufValueType.UInt16), ("i16", -30000, GgufValueType.Int16),
            ("u32", 4_000_000_000, GgufValueType.UInt32), ("i32", -2_000_000_000, GgufValueType.Int32), ("u64", 1L << 40, GgufValueType.UInt64), ("i64", -1L << 40, GgufValueType.Int64),
        ];
        foreach ((string key, long value, GgufValueType type) in integers)
        {
            file.GetInt64(key).ShouldBe(value);
            file.Get(key).Type.ShouldBe(type);
        }

        file.GetFloat("f32").ShouldBe(1.5f);
        file.Get("f64").AsDouble().ShouldBe(Math.PI);
        file.GetBool("bool").ShouldBeTrue();
        file.GetString("text").ShouldBe("ä");
        file.GetInt64Array("u8s").ShouldBe([1, 2]);
        file.GetInt64Array("i64s").ShouldBe([1L << 40, -5]);
        file.GetFloatArray("f64s").ShouldBe([0.5f, 2.5f]);
        file.Get("bools").ElementType.ShouldBe(GgufValueType.Bool);
        file.GetInt64Array("none").ShouldBeEmpty();
        file.GetStringArray("texts").ShouldBe(["x", "y"]);
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q4_1)]
    public void Write_ThenRead_GivesTheTensorsOfEveryWritableType(TensorType type)
    {
        // Whole numbers from -7 to 8 in every block: all types hold them exactly, but for the scales of Q8_0.
        float[] values = [.. Enumerable.Range(0, 3 * 5 * 64).Select(i => (i * 7 % 16) - 7f)];
        values = type == TensorType.Q4_0 ? [.. values.Select(v => -v)] : values;
        string path = _folder.PathOf("w.gguf");
        Write(path, new GgufMetadata(), [Entry("a", [3, 5, 64], type, values), Entry("empty", [0, 32], type, []), Entry("b", [64], type, values[..64])]);

        using GgufFile file = GgufFile.Open(path);
        file.Tensors["a"].Type.ShouldBe(type);
        file.Tensors["a"].Shape.ShouldBe([3L, 5L, 64L]);
        float worst = values.Concat(values[..64]).Zip(file.Tensors["a"].ToArray().Concat(file.Tensors["b"].ToArray()), (x, y) => Math.Abs(x - y)).Max();
        worst.ShouldBeLessThanOrEqualTo(type == TensorType.Q8_0 ? 0.032f : 0);
        file.Tensors["empty"].ElementCount.ShouldBe(0);
    }

    [Fact]
    public void Write_AsksForEveryRowOnce_InOrder_OneAtATime()
    {
        List<long> asked = [];
        GgufEntry entry = new("t", [2, 3, 32], TensorType.Q8_0, (row, to) =>
        {
            to.Length.ShouldBe(32);
            asked.Add(row);
            to.Clear();
        });

        Write(_folder.PathOf("w.gguf"), new GgufMetadata(), [entry]);

        asked.ShouldBe([0, 1, 2, 3, 4, 5]);
        (entry.ByteLength, entry.ElementCount).ShouldBe((6 * 34, 192));
    }

    [Fact]
    public void Write_ThatFailsOrIsCancelled_LeavesTheOldFileAndNothingElse()
    {
        string path = _folder.Write("w.gguf", "old");
        GgufEntry good = Entry("a", [1], TensorType.F32, [1]);
        GgufEntry bad = new("w", [2, 2], TensorType.F32, (_, _) => throw new InvalidOperationException("no more"));
        using CancellationTokenSource stop = new();
        GgufEntry stopping = new("s", [9, 1], TensorType.F32, (_, _) => stop.Cancel());

        Should.Throw<InvalidOperationException>(() => Write(path, new GgufMetadata(), [good, bad]));
        Should.Throw<OperationCanceledException>(() => GgufWriter.Write(path, new GgufMetadata(), [good, stopping], stop.Token));

        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Write_NumbersThatATypeCannotHold_AreNamed()
    {
        float[] values = new float[64];
        values[35] = float.NaN;
        FileFormatException e = Should.Throw<FileFormatException>(() =>
            Write(_folder.PathOf("w.gguf"), new GgufMetadata(), [Entry("blk.0.attn_q.weight", [2, 32], TensorType.Q4_0, values)]));

        e.Message.ShouldContain("w.gguf");
        e.Message.ShouldContain("tensor 'blk.0.attn_q.weight' row 1");
        e.Message.ShouldContain("NaN at column 3");
        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    [Fact]
    public void Write_BadRequests_AreRefused()
    {
        GgufEntry a = Entry("a", [1], TensorType.F32, [1]);
        GgufMetadata none = new();
        Should.Throw<ArgumentException>(() => Write(_folder.PathOf("x"), none, [a, a])).Message.ShouldContain("two tensors 'a'");
        Should.Throw<ArgumentException>(() => Write(_folder.PathOf("x"), none, [Entry(new string('é', 32), [1], TensorType.F32, [1])])).Message.ShouldContain("63 bytes");
        Should.Throw<ArgumentException>(() => Write(_folder.PathOf("x"), none, [Entry("a", [1, 1, 1, 1, 1], TensorType.F32, [1])])).Message.ShouldContain("5 dimensions");
        Should.Throw<FileAccessException>(() => Write(_folder.PathOf("no/folder/x"), none, [a])).Message.ShouldContain("folder does not exist");
        Should.Throw<ArgumentException>(() => Entry("a", [256], TensorType.Q6_K, [])).Message.ShouldContain("Q6_K");
        Should.Throw<FileFormatException>(() => Entry("a", [2, 33], TensorType.Q8_0, [])).Message.ShouldContain("a multiple of 32");
        Should.Throw<ArgumentException>(() => new GgufMetadata().Add("k", 1).Add("k", 2)).Message.ShouldContain("'k'");
        Should.Throw<ArgumentException>(() => new GgufMetadata().Add("k", 'c')).Message.ShouldContain("Char");
        Should.Throw<ArgumentException>(() => new GgufMetadata().Add("", 1));
        Should.Throw<ArgumentException>(() => new GgufMetadata().Add(new string('k', 65536), 1)).Message.ShouldContain("65535");
        Should.Throw<ArgumentException>(() => new GgufMetadata().Add("k", "\ud800"));
        Directory.GetFiles(_folder.Root).ShouldBeEmpty();
    }

    private static void Write(string path, GgufMetadata metadata, IReadOnlyList<GgufEntry> tensors) =>
        GgufWriter.Write(path, metadata, tensors, TestContext.Current.CancellationToken);

    private static GgufEntry Entry(string name, long[] shape, TensorType type, float[] values) =>
        new(name, shape, type, (row, to) => values.AsSpan((int)row * to.Length, to.Length).CopyTo(to));
}
