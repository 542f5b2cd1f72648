using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string W = """{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(_folder.Write("a.safetensors", bytes));

    private FileFormatException Refused(byte[] bytes)
    {
        string path = _folder.Write("bad.safetensors", bytes);
        FileFormatException error = Should.Throw<FileFormatException>(() => SafetensorsFile.Open(path));
        error.File.ShouldBe(path);
        return error;
    }

    private FileFormatException Refused(string header, int dataBytes = 16) => Refused(SafetensorsBytes.Of(header, new byte[dataBytes]));

    [Fact]
    public void Open_ThreeFloatTypes_AreRead()
    {
        using SafetensorsFile file = Open(SafetensorsBytes.Of(
            """
            {"__metadata__":{"format":"pt","naïve":"é"},
             "half":{"dtype":"F16","shape":[1,3],"data_offsets":[8,14]}, "w":{"shape":[2],"dtype":"F32","data_offsets":[0,8]},
             "brain":{"dtype":"BF16","shape":[],"data_offsets":[14,16],"more":{"is":["ignored"]}}}
            """,
            [0, 0, 128, 63, 0, 0, 0, 192, 0x00, 0x3C, 0x01, 0x00, 0x00, 0xFC, 0x80, 0x3F]));

        file.Metadata.ShouldBe(new Dictionary<string, string> { ["format"] = "pt", ["naïve"] = "é" }, ignoreOrder: true);
        file.Tensors["w"].ToArray().ShouldBe([1f, -2f]);
        file.Tensors["half"].ToArray().ShouldBe([1f, MathF.Pow(2, -24), float.NegativeInfinity]);
        file.Tensors["half"].Shape.ShouldBe([1L, 3L]);
        file.Tensors["brain"].ToArray().ShouldBe([1f]);
    }

    [Theory]
    [InlineData("I64", 8, TensorType.I64)]
    [InlineData("I32", 4, TensorType.I32)]
    [InlineData("U8", 1, TensorType.U8)]
    [InlineData("BOOL", 1, TensorType.Bool)]
    [InlineData("F64", 8, TensorType.F64)]
    [InlineData("F8_E4M3", 1, TensorType.F8_E4M3)]
    public void Open_OtherTypes_AreListedAndRefusedAsFloats(string dtype, int size, TensorType type)
    {
        using SafetensorsFile file = Open(SafetensorsBytes.Of($$$"""{"t":{"dtype":"{{{dtype}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""", new byte[3 * size]));

        file.Tensors["t"].Type.ShouldBe(type);
        Should.Throw<FileFormatException>(() => file.Tensors["t"].ToArray()).Message.ShouldContain($"tensor 't' type: found {type}");
        Should.Throw<FileFormatException>(() => file.Tensors["t"].DequantizeRow(0, new float[3]));
    }

    [Fact]
    public void Open_PaddedHeaderAndNoTensors_AreLegal()
    {
        Open(SafetensorsBytes.Of(W + "     ", new byte[16])).Dispose();
        using SafetensorsFile empty = Open(SafetensorsBytes.Of("{}", Array.Empty<byte>()));
        empty.Tensors.ShouldBeEmpty();
    }

    [Fact]
    public void Open_EveryTruncation_IsAnError()
    {
        byte[] whole = SafetensorsBytes.Of(W, new byte[16]);
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }
    }

    [Fact]
    public void Open_HeaderLengthThatOverflows_IsRefused()
    {
        Refused([.. BitConverter.GetBytes(ulong.MaxValue), .. new byte[20]]).Field.ShouldBe("header length");
        Refused([.. BitConverter.GetBytes(long.MaxValue), .. new byte[20]]).Field.ShouldBe("header length");
        Refused([.. BitConverter.GetBytes(21ul), .. new byte[20]]).Found.ShouldBe("21");
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("[]", "header")]
    [InlineData("{\"w\":", "header")]
    [InlineData(" {}", "header")]
    [InlineData("{} x", "header")]
    [InlineData("{}{}", "header")]
    [InlineData("{\"\\ud800\":{}}", "header")]
    [InlineData("{\"w\":3}", "tensor 'w'")]
    [InlineData("{\"w\":{}}", "tensor 'w' dtype")]
    [InlineData("{\"w\":null}", "tensor 'w'")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16,16]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F33\",\"shape\":[4],\"data_offsets\":[0,16]}}", "tensor 'w' dtype")]
    [InlineData("{\"w\":{\"dtype\":32,\"shape\":[4],\"data_offsets\":[0,16]}}", "tensor 'w' dtype")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[\"4\"],\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4.0],\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807],\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,16]}}", "tensor 'w' shape")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,16]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[4,20]}}", "tensor 'w' data_offsets")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "length")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,16]}}", "tensor 'w' dtype")]
    [InlineData("{\"__metadata__\":[],\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "__metadata__")]
    [InlineData("{\"__metadata__\":{\"a\":1},\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "__metadata__ 'a'")]
    [InlineData("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"},\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "__metadata__ 'a'")]
    public void Open_BadHeader_NamesTheField(string header, string field) => Refused(header).Field.ShouldBe(field);

    [Fact]
    public void Open_NameTwice_IsRefused()
    {
        string entry(int from) => $$"""{"dtype":"F32","shape":[2],"data_offsets":[{{from}},{{from + 8}}]}""";

        Refused($$"""{"w":{{entry(0)}},"w":{{entry(8)}}}""").Field.ShouldBe("tensor 'w'");
    }

    [Fact]
    public void Open_OverlapsAndGaps_AreRefused()
    {
        string two(int a, int b) =>
            $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":[{{{a}}},{{{a + 8}}}]},"b":{"dtype":"F32","shape":[2],"data_offsets":[{{{b}}},{{{b + 8}}}]}}""";

        Open(SafetensorsBytes.Of(two(8, 0), new byte[16])).Dispose();
        Refused(two(0, 4), 16).Field.ShouldBe("tensor 'b' data_offsets");
        Refused(two(0, 12), 20).Field.ShouldBe("tensor 'b' data_offsets");
        Refused(two(0, 0), 8).Field.ShouldBe("tensor 'b' data_offsets");
    }

    [Fact]
    public void Open_InvalidUtf8_IsRefused() =>
        Refused(SafetensorsBytes.Of([.. "{\"w"u8, 0xFF, .. "\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}"u8], new byte[16])).Found.ShouldContain("UTF-8");

    [Fact]
    public void Open_DeepNesting_IsRefused() => Refused($$$"""{"w":{"x":{{{new string('[', 100_000)}}}}}""").Field.ShouldBe("header");

    [Fact]
    public void Error_OverAnEndlessName_StaysShort()
    {
        FileFormatException error = Refused($$"""{"{{new string('n', 1_000_000)}}":3}""");

        error.Message.Length.ShouldBeLessThan(2000);
    }

    [Fact]
    public void AfterDispose_Tensors_ThrowObjectDisposed()
    {
        SafetensorsFile file = Open(SafetensorsBytes.Of(W, new byte[16]));
        StoredTensor w = file.Tensors["w"];
        file.Dispose();

        Should.Throw<ObjectDisposedException>(() => w.ToArray());
    }
}
