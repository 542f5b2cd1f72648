using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private GgufFile Open(GgufBuilder builder) => GgufFile.Open(_folder.Write("a.gguf", builder.Build()));

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Open_Versions2And3_ReadTensorsInTorchOrder(uint version)
    {
        using GgufFile file = Open(new GgufBuilder { Version = version }
            .Add("general.architecture", "llama")
            .Tensor("w", [2, 3], [1, 2, 3, 4, 5, 6])
            .Tensor("norm.é", [3], [7, 8, 9]));

        file.Version.ShouldBe((int)version);
        file.Tensors.Keys.ShouldBe(["w", "norm.é"], ignoreOrder: true);
        StoredTensor w = file.Tensors["w"];
        w.Shape.ShouldBe([2L, 3L]);
        w.RowCount.ShouldBe(2);
        w.ToArray().ShouldBe([1f, 2, 3, 4, 5, 6]);
        float[] row = new float[5];
        w.DequantizeRow(1, row);
        row.ShouldBe([4f, 5, 6, 0, 0]);
        file.Tensors["norm.é"].RowCount.ShouldBe(1);
        file.Tensors["norm.é"].ToArray().ShouldBe([7f, 8, 9]);
    }

    [Fact]
    public void Metadata_EveryType_IsReadBack()
    {
        using GgufFile file = Open(new GgufBuilder()
            .Raw("u8", 0, 250).Raw("i8", 1, 0xFF).Raw("u16", 2, 0xFF, 0xFF).Raw("i16", 3, 0xFE, 0xFF)
            .Add("u32", 4_000_000_000u).Raw("i32", 5, BitConverter.GetBytes(-5)).Add("f32", 0.1f).Add("yes", true).Add("no", false)
            .Add("text", "naïve 🙂").Raw("u64", 10, BitConverter.GetBytes(ulong.MaxValue)).Raw("i64", 11, BitConverter.GetBytes(long.MinValue))
            .Raw("f64", 12, BitConverter.GetBytes(0.1)).Add("strings", "a", "", "ü").Add("ints", 3, -1, int.MinValue).Add("floats", 1.5f, float.NegativeInfinity));

        file.GetInt64("u8").ShouldBe(250);
        file.GetInt64("i8").ShouldBe(-1);
        file.GetInt64("u16").ShouldBe(65535);
        file.GetInt64("i16").ShouldBe(-2);
        file.GetUInt32("u32").ShouldBe(4_000_000_000u);
        file.GetInt64("i32").ShouldBe(-5);
        file.GetFloat("f32").ShouldBe(0.1f);
        file.GetBool("yes").ShouldBeTrue();
        file.GetBool("no", true).ShouldBeFalse();
        file.GetBool("absent", true).ShouldBeTrue();
        file.GetString("text").ShouldBe("naïve 🙂");
        file.GetInt64("i64").ShouldBe(long.MinValue);
        file.Get("f64").AsDouble().ShouldBe(0.1);
        file.GetStringArray("strings").ShouldBe(["a", "", "ü"]);
        file.GetInt64Array("ints").ShouldBe([3L, -1L, int.MinValue]);
        file.GetFloatArray("floats").ShouldBe([1.5f, float.NegativeInfinity]);
        file.Get("u64").ToString().ShouldBe("18446744073709551615");
        Should.Throw<FileFormatException>(() => file.GetInt64("u64")).Found.ShouldBe("18446744073709551615");
        Should.Throw<FileFormatException>(() => file.GetUInt32("i32")).Found.ShouldBe("-5");
    }

    [Fact]
    public void Getters_WrongTypeOrMissing_NameTheKey()
    {
        using GgufFile file = Open(new GgufBuilder().Add("a.count", "three").Add("a.list", 1, 2));

        FileFormatException wrong = Should.Throw<FileFormatException>(() => file.GetInt64("a.count"));
        wrong.Field.ShouldBe("a.count");
        wrong.Found.ShouldBe("String");
        wrong.Expected.ShouldBe("an integer");
        Should.Throw<FileFormatException>(() => file.GetString("a.list")).Found.ShouldBe("an array of Int32");
        Should.Throw<FileFormatException>(() => file.GetStringArray("a.list")).Expected.ShouldBe("an array of strings");
        Should.Throw<FileFormatException>(() => file.GetFloat("a.list")).Field.ShouldBe("a.list");
        Should.Throw<FileFormatException>(() => file.GetBool("a.missing")).Field.ShouldBe("a.missing");
    }

    [Fact]
    public void Open_NestedArrays_AreWalkedToTheirEnd()
    {
        byte[] inner = [.. BitConverter.GetBytes(0u), .. BitConverter.GetBytes(3ul), 1, 2, 3];
        using GgufFile file = Open(new GgufBuilder()
            .Raw("nested", 9, [.. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(2ul), .. inner, .. inner])
            .Add("after", "found"));

        file.Get("nested").Count.ShouldBe(2);
        file.GetString("after").ShouldBe("found");
    }

    [Fact]
    public void Open_AlignmentOf64_PlacesTensorsByIt()
    {
        using GgufFile file = Open(new GgufBuilder { Alignment = 64 }
            .Add("general.alignment", 64u).Tensor("a", [1], [1f]).Tensor("b", [1], [2f]));

        file.Alignment.ShouldBe(64);
        file.Tensors["b"].ToArray().ShouldBe([2f]);
    }

    [Fact]
    public void Open_ScalarAndEmptyTensors_AreLegal()
    {
        using GgufFile file = Open(new GgufBuilder().Tensor("scalar", [], [3f]).Tensor("none", [0, 4], Array.Empty<float>()).Tensor("empty rows", [4, 0], Array.Empty<float>()));

        file.Tensors["scalar"].ToArray().ShouldBe([3f]);
        file.Tensors["none"].ToArray().ShouldBeEmpty();
        file.Tensors["empty rows"].ToArray().ShouldBeEmpty();
    }

    [Fact]
    public void Open_IntegerTensor_IsListedAndRefusedAsFloats()
    {
        using GgufFile file = Open(new GgufBuilder().Tensor("ids", [2], 26, [1, 0, 0, 0, 2, 0, 0, 0]));

        file.Tensors["ids"].Type.ShouldBe(TensorType.I32);
        Should.Throw<FileFormatException>(() => file.Tensors["ids"].ToArray()).Message.ShouldContain("tensor 'ids' type: found I32");
    }

    [Fact]
    public void AfterDispose_TensorsAndMetadata_ThrowObjectDisposed()
    {
        GgufFile file = Open(new GgufBuilder().Add("text", "x").Tensor("w", [1], [1f]));
        StoredTensor w = file.Tensors["w"];
        GgufValue text = file.Metadata["text"];
        file.Dispose();
        file.Dispose();

        Should.Throw<ObjectDisposedException>(() => w.ToArray());
        Should.Throw<ObjectDisposedException>(() => w.RowBytes(0).Length);
        Should.Throw<ObjectDisposedException>(() => Address(w));
        Should.Throw<ObjectDisposedException>(w.ReleasePages);
        Should.Throw<ObjectDisposedException>(text.AsString);
        w.Name.ShouldBe("w");
    }

    [Fact]
    public void ReleasePages_ThenReading_GivesTheSameValues()
    {
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => i * 0.5f)];
        using GgufFile file = Open(new GgufBuilder().Tensor("before", [1], [1f]).Tensor("w", [5, 1000], values).Tensor("after", [1], [2f]));

        file.Tensors["w"].ReleasePages();

        file.Tensors["w"].ToArray().ShouldBe(values);
        file.Tensors["before"].ToArray().ShouldBe([1f]);
        file.Tensors["after"].ToArray().ShouldBe([2f]);
    }

    [Fact]
    public void RowBytes_OutsideTheTensor_IsRefused()
    {
        using GgufFile file = Open(new GgufBuilder().Tensor("w", [2, 2], [1f, 2, 3, 4]).Tensor("next", [2, 2], [1f, 2, 3, 4]));

        Should.Throw<ArgumentOutOfRangeException>(() => file.Tensors["w"].RowBytes(2).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => file.Tensors["w"].RowBytes(-1).Length);
        Should.Throw<ArgumentException>(() => file.Tensors["w"].CopyTo(new float[3]));
    }

    private static unsafe nint Address(StoredTensor tensor) => (nint)tensor.Pointer;
}
