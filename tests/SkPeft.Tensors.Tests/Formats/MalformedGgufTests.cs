using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class MalformedGgufTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private FileFormatException Refused(byte[] bytes)
    {
        string path = _folder.Write("bad.gguf", bytes);
        FileFormatException error = Should.Throw<FileFormatException>(() => GgufFile.Open(path));
        error.File.ShouldBe(path);
        return error;
    }

    private static GgufBuilder Tiny() => new GgufBuilder().Add("general.architecture", "llama").Tensor("w", [2, 32], 8, new byte[68]);

    private static byte[] Patch(byte[] file, int at, params byte[] bytes)
    {
        bytes.CopyTo(file, at);
        return file;
    }

    [Fact]
    public void Open_EveryTruncation_IsAnError()
    {
        byte[] whole = Tiny().Build();
        GgufFile.Open(_folder.Write("good.gguf", whole)).Dispose();
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }
    }

    [Fact]
    public void Open_TruncatedData_SaysHowMuchThereIs()
    {
        byte[] whole = Tiny().Build();

        FileFormatException error = Refused(whole[..^1]);

        error.Field.ShouldBe("tensor 'w' offset");
        error.Found.ShouldBe("offset 0 with 68 bytes, in a file with 67 bytes of tensor data");
        error.Expected.ShouldContain("truncated");
    }

    [Fact]
    public void Open_AnotherMagic_ShowsBoth() => Refused([.. "GGML"u8, .. new byte[60]]).Message.ShouldContain("magic: found 0x4C4D4747, expected 0x46554747");

    [Theory]
    [InlineData(1u)]
    [InlineData(4u)]
    [InlineData(0u)]
    public void Open_OtherVersions_AreRefused(uint version)
    {
        FileFormatException error = Refused(new GgufBuilder { Version = version }.Build());

        error.Field.ShouldBe("version");
        error.Found.ShouldBe($"{version}");
        error.Expected.ShouldBe("2 or 3");
    }

    [Fact]
    public void Open_BigEndian_IsNamed() => Refused(Patch(Tiny().Build(), 4, 0, 0, 0, 3)).Found.ShouldBe("a big-endian file");

    [Fact]
    public void Open_AbsurdCounts_AreRefusedBeforeAnythingIsAllocated()
    {
        byte[] huge = BitConverter.GetBytes(ulong.MaxValue / 8);
        Refused(Patch(Tiny().Build(), 8, huge)).Field.ShouldBe("tensor count");
        Refused(Patch(Tiny().Build(), 16, huge)).Field.ShouldBe("metadata count");
        Refused(Patch(Tiny().Build(), 24, huge)).Field.ShouldBe("metadata key 0 length");
    }

    [Fact]
    public void Open_ArrayLongerThanTheFile_IsRefused()
    {
        FileFormatException error = Refused(new GgufBuilder().Raw("list", 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes(1ul << 60)]).Build());

        error.Field.ShouldBe("list count");
        error.Found.ShouldBe($"{1ul << 60}");
    }

    [Fact]
    public void Open_DeeplyNestedArrays_AreRefused()
    {
        byte[] value = [.. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(0ul)];
        for (int i = 0; i < 10_000; i++)
        {
            value = [.. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(1ul), .. value];
        }

        Refused(new GgufBuilder().Raw("deep", 9, value).Build()).Found.ShouldContain("nested");
    }

    [Fact]
    public void Open_UnknownValueType_IsNamed() => Refused(new GgufBuilder().Raw("k", 13, 0).Build()).Message.ShouldContain("k type: found value type 13");

    [Fact]
    public void Open_BoolOfTwo_IsRefused() => Refused(new GgufBuilder().Raw("k", 7, 2).Build()).Field.ShouldBe("k");

    [Fact]
    public void Open_InvalidUtf8_IsNamed()
    {
        byte[] broken = [.. BitConverter.GetBytes(2ul), 0xC3, 0x28];
        Refused(new GgufBuilder().Raw("text", 8, broken).Build()).Message.ShouldContain("text: found bytes C328…, expected valid UTF-8");
        Refused(new GgufBuilder().Raw("list", 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes(1ul), .. broken]).Build()).Field.ShouldBe("list");
        Refused(Patch(Tiny().Build(), 32, 0xFF)).Field.ShouldBe("metadata key 0");
    }

    [Fact]
    public void Open_NamesTwice_AreRefused()
    {
        Refused(new GgufBuilder().Add("k", 1u).Add("k", 2u).Build()).Found.ShouldBe("'k' a second time");
        Refused(new GgufBuilder().Tensor("w", [1], [1f]).Tensor("w", [1], [1f]).Build()).Found.ShouldBe("'w' a second time");
    }

    [Fact]
    public void Open_EmptyNames_AreRefused()
    {
        Refused(new GgufBuilder().Add("", 1u).Add("k", 1u).Build()).Field.ShouldBe("metadata key 0 length");
        Refused(new GgufBuilder().Tensor("", [1], [1f]).Tensor("w", [1], [1f]).Build()).Field.ShouldBe("tensor 0 name length");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(33u)]
    [InlineData(0x80000000u)]
    public void Open_AbsurdAlignment_IsRefused(uint alignment) =>
        Refused(new GgufBuilder().Add("general.alignment", alignment).Tensor("w", [1], [1f]).Build()).Field.ShouldBe("general.alignment");

    [Fact]
    public void Open_AlignmentOfAnotherType_NamesTheKey() =>
        Refused(new GgufBuilder().Add("general.alignment", "32").Tensor("w", [1], [1f]).Build()).Field.ShouldBe("general.alignment");

    [Theory]
    [InlineData(16ul)]
    [InlineData(1ul << 63)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x7FFFFFFFFFFFFFE0ul)]
    [InlineData(64ul)]
    public void Open_OffsetsThatAreUnalignedOrOutside_AreRefused(ulong offset) =>
        Refused(new GgufBuilder().Tensor("w", [1], 0, new byte[4], offset).Build()).Field.ShouldBe("tensor 'w' offset");

    [Fact]
    public void Open_OverlappingTensors_AreRefused()
    {
        FileFormatException error = Refused(new GgufBuilder().Tensor("a", [16], 0, new byte[64]).Tensor("b", [8], 0, new byte[32], 32).Build());

        error.Field.ShouldBe("tensor 'b' offset");
        error.Found.ShouldBe("32, inside the bytes of 'a'");
    }

    [Fact]
    public void Open_SizesThatOverflow_AreRefused()
    {
        Refused(new GgufBuilder().Tensor("w", [1L << 32, 1L << 32], 0, new byte[4]).Build()).Field.ShouldBe("tensor 'w' shape");
        Refused(new GgufBuilder().Tensor("w", [long.MaxValue], 0, new byte[4]).Build()).Field.ShouldBe("tensor 'w' shape");
        Refused(new GgufBuilder().Tensor("w", [-1], 0, new byte[4]).Build()).Found.ShouldBe("18446744073709551615");
        Refused(new GgufBuilder().Tensor("w", [0, 1L << 62], 0, new byte[4]).Build()).Field.ShouldBe("tensor 'w' shape");
        Refused(new GgufBuilder().Tensor("w", [1L << 40], 0, new byte[4]).Build()).Field.ShouldBe("tensor 'w' offset");
        Refused(new GgufBuilder().Tensor("w", [1, 1, 1, 1, 1], 0, new byte[4]).Build()).Field.ShouldBe("tensor 'w' dimensions");
    }

    [Fact]
    public void Open_RowThatIsNoWholeNumberOfBlocks_IsRefused() =>
        Refused(new GgufBuilder().Tensor("w", [32, 33], 2, new byte[1000]).Build()).Expected.ShouldBe("a multiple of 32, the block of Q4_0");

    [Fact]
    public void Open_TypesOfNoOne_AreMalformed_AndTypesOfGgmlUnsupported()
    {
        Refused(new GgufBuilder().Tensor("w", [256], 4, new byte[256]).Build()).Message.ShouldContain("tensor 'w' type: found 4");
        Refused(new GgufBuilder().Tensor("w", [256], uint.MaxValue, new byte[256]).Build()).Field.ShouldBe("tensor 'w' type");

        string path = _folder.Write("iq2.gguf", new GgufBuilder().Tensor("w", [256], 16, new byte[256]).Build());
        UnsupportedModelException error = Should.Throw<UnsupportedModelException>(() => GgufFile.Open(path));
        error.Found.ShouldBe("IQ2_XXS");
        error.Option.ShouldBe("the type of tensor 'w'");
    }

    [Fact]
    public void Open_MissingFileFolderOrEmptyFile_SaysSo()
    {
        Should.Throw<FileAccessException>(() => GgufFile.Open(_folder.PathOf("none.gguf"))).Message.ShouldContain("there is no such file");
        Should.Throw<FileAccessException>(() => GgufFile.Open(Path.Combine(_folder.Root, "no", "folder.gguf"))).Message.ShouldContain("there is no such file");
        Should.Throw<FileAccessException>(() => GgufFile.Open(_folder.Root)).Message.ShouldContain("this is a folder");
        Should.Throw<FileAccessException>(() => GgufFile.Open("a\0b"));
        Refused([]).Found.ShouldContain("empty");
    }
}
