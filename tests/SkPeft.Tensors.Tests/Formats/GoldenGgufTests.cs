using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Tensors.Tests.Formats;

public sealed class GoldenGgufTests
{
    [Theory]
    [InlineData("f32", TensorType.F32)]
    [InlineData("f16", TensorType.F16)]
    [InlineData("bf16", TensorType.BF16)]
    [InlineData("q4_0", TensorType.Q4_0)]
    [InlineData("q4_1", TensorType.Q4_1)]
    [InlineData("q5_0", TensorType.Q5_0)]
    [InlineData("q5_1", TensorType.Q5_1)]
    [InlineData("q8_0", TensorType.Q8_0)]
    [InlineData("q2_k", TensorType.Q2_K)]
    [InlineData("q3_k", TensorType.Q3_K)]
    [InlineData("q4_k", TensorType.Q4_K)]
    [InlineData("q5_k", TensorType.Q5_K)]
    [InlineData("q6_k", TensorType.Q6_K)]
    [InlineData("iq4_nl", TensorType.IQ4_NL)]
    [InlineData("iq4_xs", TensorType.IQ4_XS)]
    public void Dequantize_EveryType_IsBitEqualToGgufPy(string name, TensorType type)
    {
        using GgufFile gguf = GgufFile.Open(SharedFolder.PathOf("golden", "gguf", "types.gguf"));
        using SafetensorsFile expected = SafetensorsFile.Open(SharedFolder.PathOf("golden", "gguf", "expected.safetensors"));

        StoredTensor tensor = gguf.Tensors[$"t.{name}"];

        tensor.Type.ShouldBe(type);
        tensor.Shape.ShouldBe([8L, 512L]);
        Bits(tensor.ToArray()).ShouldBe(Bits(expected.Tensors[$"t.{name}"].ToArray()));

        float[] row = new float[512];
        tensor.DequantizeRow(5, row);
        Bits(row).ShouldBe(Bits(tensor.ToArray())[(5 * 512)..(6 * 512)]);
    }

    [Fact]
    public void Open_TheGolden_HasOneTensorOfEachType()
    {
        using GgufFile gguf = GgufFile.Open(SharedFolder.PathOf("golden", "gguf", "types.gguf"));

        gguf.Version.ShouldBe(3);
        gguf.GetString("general.architecture").ShouldBe("llama");
        gguf.Tensors.Values.Select(t => t.Type).Distinct().Count().ShouldBe(15);
    }

    private static uint[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToUInt32Bits);
}
