using System.Buffers.Binary;
using System.Text;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>Writes small, valid adapter folders.</summary>
internal static class SampleAdapter
{
    public const string Config = """{"peft_type": "LORA", "r": 2, "task_type": "CAUSAL_LM"}""";

    /// <summary>A folder whose weights are <paramref name="seed"/> written as a tensor: another seed, another digest; the same configuration.</summary>
    public static string Write(string folder, int seed, int floats = 4)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), Config);
        File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"), Weights(seed, floats));
        return folder;
    }

    public static byte[] Weights(int seed, int floats = 4)
    {
        byte[] header = Encoding.ASCII.GetBytes($$$"""{"a":{"dtype":"F32","shape":[{{{floats}}}],"data_offsets":[0,{{{floats * 4}}}]}}""");
        byte[] bytes = new byte[8 + header.Length + (floats * 4)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        for (int i = 0; i < floats; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + header.Length + (4 * i)), seed + i);
        }

        return bytes;
    }

    public static ModelFingerprint Base(string weights = "w1", string? tokenizer = "t1", string shapes = "s1") => new(shapes, tokenizer, weights);
}
