using SkPeft.Engine.Models;
using SkPeft.Tensors.Formats;

namespace SkPeft.Bench.Loras;

/// <summary>Writes a LoRA in HF PEFT's layout as the file that llama.cpp reads.</summary>
internal static class GgufLora
{
    private static readonly (string Hf, string Gguf)[] s_names =
    [
        ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
        ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
    ];

    public static void Write(string safetensors, string file, float alpha, int headDim)
    {
        using SafetensorsFile source = SafetensorsFile.Open(safetensors);
        GgufMetadata metadata = new GgufMetadata()
            .Add("general.architecture", "llama").Add("general.type", "adapter").Add("adapter.type", "lora").Add("adapter.lora.alpha", alpha);
        List<GgufEntry> tensors = [];
        foreach ((string name, StoredTensor stored) in source.Tensors)
        {
            float[] data = new float[stored.ElementCount];
            stored.CopyTo(data);
            long rows = stored.Shape[0], columns = stored.Shape[1];

            // base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight
            string[] parts = name["base_model.model.model.layers.".Length..].Split('.');
            string module = $"{parts[1]}.{parts[2]}";
            bool isB = parts[3] == "lora_B";
            bool turned = isB && module is ("self_attn.q_proj" or "self_attn.k_proj");
            int[]? order = turned ? RopePermutation.FileRows((int)rows, headDim) : null;
            int[]? inverse = order is null ? null : [.. order.Select((at, row) => (at, row)).OrderBy(p => p.at).Select(p => p.row)];
            tensors.Add(new GgufEntry(
                $"blk.{parts[0]}.{s_names.Single(n => n.Hf == module).Gguf}.weight.lora_{(isB ? 'b' : 'a')}", [rows, columns], TensorType.F32,
                (row, to) => data.AsSpan((int)((inverse?[row] ?? row) * columns), (int)columns).CopyTo(to)));
        }

        GgufWriter.Write(file, metadata, tensors);
    }
}
