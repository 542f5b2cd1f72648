using System.Text.Json.Nodes;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>A very small LLaMA with random weights, written as an HF folder or, rows of q and k reordered, as a GGUF file.</summary>
internal sealed class TinyModel
{
    public TinyModel(bool tied = false, bool biases = false, int headDim = 4)
    {
        Sizes = new ModelSizes
        {
            Layers = 2,
            HiddenSize = 8,
            Heads = 4,
            KeyValueHeads = 2,
            HeadDim = headDim,
            IntermediateSize = 6,
            VocabularySize = 10,
            TiedEmbeddings = tied,
            AttentionBias = biases,
            MlpBias = biases,
        };
        Random random = new(7);
        foreach (ModuleInfo module in new ModelShape(Sizes).Modules.Where(m => !tied || m.Linear?.Kind != LinearKind.Head))
        {
            long[] shape = module.Kind == ModuleKind.Norm ? [module.Outputs] : [module.Outputs, module.Inputs];
            Tensors[$"{module.Name}.weight"] = (shape, Values(random, shape.Aggregate(1L, (a, b) => a * b)));
            if (module.HasBias)
            {
                Tensors[$"{module.Name}.bias"] = ([module.Outputs], Values(random, module.Outputs));
            }
        }

        Config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["hidden_act"] = "silu",
            ["hidden_size"] = 8,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["head_dim"] = headDim,
            ["intermediate_size"] = 6,
            ["vocab_size"] = 10,
            ["max_position_embeddings"] = 64,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 500.0,
            ["tie_word_embeddings"] = tied,
            ["attention_bias"] = biases,
            ["mlp_bias"] = biases,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = new JsonArray(2, 3),
        };
    }

    public ModelSizes Sizes { get; }

    public JsonObject Config { get; }

    public Dictionary<string, (long[] Shape, float[] Values)> Tensors { get; } = [];

    public string WriteFolder(TemporaryFolder folder)
    {
        folder.Write("config.json", Config.ToJsonString());
        SafetensorsWriter.Write(folder.PathOf("model.safetensors"),
            Tensors.Select(t => SafetensorsEntry.Of(t.Key, [.. t.Value.Shape.Select(s => (int)s)], t.Value.Values)));
        return folder.Root;
    }

    /// <summary>Writes a GGUF file; <paramref name="change"/> may add keys and tensors, <paramref name="skip"/> leaves keys out.</summary>
    public string WriteGguf(TemporaryFolder folder, Action<GgufBuilder>? change = null, params string[] skip)
    {
        GgufBuilder file = new();
        void Key(string key, uint value)
        {
            if (!skip.Contains(key))
            {
                file.Add(key, value);
            }
        }

        file.Add("general.architecture", "llama");
        Key("llama.block_count", 2);
        Key("llama.context_length", 64);
        Key("llama.embedding_length", 8);
        Key("llama.feed_forward_length", 6);
        Key("llama.attention.head_count", 4);
        Key("llama.attention.head_count_kv", 2);
        Key("llama.attention.key_length", (uint)Sizes.HeadDim);
        Key("llama.attention.value_length", (uint)Sizes.HeadDim);
        Key("llama.rope.dimension_count", (uint)Sizes.HeadDim);
        Key("llama.vocab_size", 10);
        Key("tokenizer.ggml.bos_token_id", 1);
        Key("tokenizer.ggml.eos_token_id", 2);
        file.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f).Add("llama.rope.freq_base", 500f);
        foreach ((string name, (long[] shape, float[] values)) in Tensors)
        {
            if (!skip.Contains(name))
            {
                bool turned = name.Contains("q_proj") || name.Contains("k_proj");
                file.Tensor(GgufName(name), shape, turned ? Interleave(values, (int)shape[0]) : values);
            }
        }

        change?.Invoke(file);
        return folder.Write("model.gguf", file.Build());
    }

    // llama.cpp's convert script: reshape(heads, 2, headDim / 2, rest).swapaxes(1, 2).
    private float[] Interleave(float[] values, int rows)
    {
        int width = values.Length / rows;
        List<float> turned = [];
        for (int head = 0; head < rows / Sizes.HeadDim; head++)
        {
            for (int pair = 0; pair < Sizes.HeadDim / 2; pair++)
            {
                for (int half = 0; half < 2; half++)
                {
                    int row = head * Sizes.HeadDim + half * (Sizes.HeadDim / 2) + pair;
                    turned.AddRange(values[(row * width)..((row + 1) * width)]);
                }
            }
        }

        return [.. turned];
    }

    private static string GgufName(string hf) => hf
        .Replace("model.layers.", "blk.").Replace("self_attn.", "").Replace("mlp.", "")
        .Replace("q_proj", "attn_q").Replace("k_proj", "attn_k").Replace("v_proj", "attn_v").Replace("o_proj", "attn_output")
        .Replace("gate_proj", "ffn_gate").Replace("up_proj", "ffn_up").Replace("down_proj", "ffn_down")
        .Replace("input_layernorm", "attn_norm").Replace("post_attention_layernorm", "ffn_norm")
        .Replace("model.embed_tokens", "token_embd").Replace("model.norm", "output_norm").Replace("lm_head", "output");

    private static float[] Values(Random random, long count) => [.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle() - 0.5f)];
}
