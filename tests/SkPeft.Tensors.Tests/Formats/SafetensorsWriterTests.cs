using System.Text;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_TwoTensors_GivesTheBytesOfTheReferenceLibrary()
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream,
            [SafetensorsEntry.Of("b", [1, 2], new[] { 1f, 2f }), SafetensorsEntry.Of("a.\"q\"\n\u0001é🙂", [], new[] { 3f })],
            new Dictionary<string, string> { ["format"] = "pt" });

        string json = """{"__metadata__":{"format":"pt"},"a.\"q\"\n\u0001é🙂":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}""";
        int padded = (Encoding.UTF8.GetByteCount(json) + 7) / 8 * 8;
        byte[] header = [.. Encoding.UTF8.GetBytes(json), .. Enumerable.Repeat((byte)' ', padded - Encoding.UTF8.GetByteCount(json))];
        stream.ToArray().ShouldBe(SafetensorsBytes.Of(header, [0, 0, 64, 64, 0, 0, 128, 63, 0, 0, 0, 64]));
    }

    [Theory]
    [InlineData("golden/tiny/bases/biases/model.safetensors")]
    [InlineData("golden/tiny/adapters/plain/lora-qv/adapter_model.safetensors")]
    [InlineData("golden/tiny/bases/plain/expected.safetensors")]
    public void Write_WhatAGoldenHolds_GivesTheSameFile(string golden)
    {
        string path = SharedFolder.PathOf(golden.Split('/'));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string copy = _folder.PathOf("copy.safetensors");

        SafetensorsWriter.Write(copy, file.Tensors.Values.Select(t => SafetensorsEntry.Of(t)), file.Metadata.Count > 0 ? file.Metadata : null);

        File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(path)).ShouldBeTrue();
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameValues()
    {
        float[] values = [0f, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, 1e38f];
        string path = _folder.PathOf("w.safetensors");
        SafetensorsWriter.Write(path, [SafetensorsEntry.Of("z", [2, 3], values), SafetensorsEntry.Of("none", [0, 3], Array.Empty<float>())]);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.Tensors["z"].ToArray().Select(BitConverter.SingleToUInt32Bits).ShouldBe(values.Select(BitConverter.SingleToUInt32Bits));
        file.Tensors["none"].Shape.ShouldBe([0L, 3L]);
        Directory.GetFiles(_folder.Root).Length.ShouldBe(1);
    }

    [Fact]
    public void Write_ThatFailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        string path = _folder.Write("w.safetensors", "old");
        SafetensorsEntry bad = new("w", [2, 2], (row, to) => throw new InvalidOperationException("no more"));

        Should.Throw<InvalidOperationException>(() => SafetensorsWriter.Write(path, [SafetensorsEntry.Of("a", [1], new[] { 1f }), bad]));

        File.ReadAllText(path).ShouldBe("old");
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Write_BadRequests_AreRefused()
    {
        SafetensorsEntry a = SafetensorsEntry.Of("a", [1], new[] { 1f });
        Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [a, a])).Message.ShouldContain("'a'");
        Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [SafetensorsEntry.Of("__metadata__", [1], new[] { 1f })]));
        Should.Throw<ArgumentException>(() => SafetensorsEntry.Of("a", [2, 2], new float[3])).Message.ShouldContain("3 numbers");
        Should.Throw<FileAccessException>(() => SafetensorsWriter.Write(_folder.PathOf("no/folder/w.safetensors"), [a])).Message.ShouldContain("folder does not exist");
    }
}
