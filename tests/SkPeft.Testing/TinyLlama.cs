using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Testing;

/// <summary>
/// A seeded random LLaMA with a byte-level tokenizer and a chat template, as a folder that opens in a moment: for tests that need a whole
/// model and run without ../shared. What it says is noise, the same noise for the same seed.
/// </summary>
public static class TinyLlama
{
    /// <summary>ChatML, with tools and tool calls as Hermes writes them.</summary>
    public const string ChatTemplate =
        "{%- if tools %}{{- '<|im_start|>system\\n' }}{%- for tool in tools %}{{- tool | tojson }}{%- endfor %}{{- '<|im_end|>\\n' }}{%- endif %}" +
        "{%- for message in messages %}{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] }}" +
        "{%- for call in message.tool_calls or [] %}{{- '<tool_call>' + call.function | tojson + '</tool_call>' }}{%- endfor %}{{- '<|im_end|>\\n' }}{%- endfor %}" +
        "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

    public const int EndOfText = 256;
    public const int TurnStart = 257;
    public const int TurnEnd = 258;

    private static readonly string[] s_special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    // Two words of one token each; all others are one token a byte.
    private static readonly string[] s_merged = ["a", "b"];

    public static ModelSizes Sizes { get; } = new()
    {
        Layers = 2, HiddenSize = 32, Heads = 4, KeyValueHeads = 2, HeadDim = 8, IntermediateSize = 48, VocabularySize = 261,
    };

    /// <summary>Writes model, tokenizer and template into the folder, and returns the model for the reference.</summary>
    public static ReferenceLlama Write(string folder, int seed = 7, bool withTemplate = true)
    {
        ReferenceLlama model = ReferenceLlama.Random(Sizes, seed);
        HfModelFolder.Write(model, folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer().ToJsonString());
        JsonObject config = new() { ["eos_token"] = s_special[TurnEnd - EndOfText], ["add_bos_token"] = false };
        if (withTemplate)
        {
            config["chat_template"] = ChatTemplate;
        }

        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), config.ToJsonString());
        return model;
    }

    /// <summary>Writes a LoRA on all query and value projections, strong enough to change what the model says.</summary>
    public static AdapterFiles WriteLora(string folder, int seed, int rank = 2, double strength = 0.3) =>
        AdapterFolder.Write(folder, LoraConfig(rank), LoraTensors(seed, rank, strength));

    /// <summary>Writes a LoRA that classifies: a head over classes, named where the labels are given.</summary>
    public static AdapterFiles WriteClassifier(string folder, int seed, int classes, params string[] labels)
    {
        Dictionary<string, Tensor> tensors = LoraTensors(seed, 2, 0.3);
        tensors["base_model.model.score.weight"] = RandomTensors.Normal(new Random(seed), 0.5, classes, Sizes.HiddenSize);
        JsonObject config = JsonNode.Parse(LoraConfig(2))!.AsObject();
        config["task_type"] = "SEQ_CLS";
        config["modules_to_save"] = new JsonArray("classifier", "score");
        if (labels.Length > 0)
        {
            config["id2label"] = new JsonObject(labels.Select((label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label)));
        }

        return AdapterFolder.Write(folder, config.ToJsonString(), tensors);
    }

    private static Dictionary<string, Tensor> LoraTensors(int seed, int rank, double strength)
    {
        Random random = new(seed);
        Dictionary<string, Tensor> tensors = [];
        foreach (ModuleInfo module in new ModelShape(Sizes).Modules.Where(m => m.Name.EndsWith("q_proj", StringComparison.Ordinal) || m.Name.EndsWith("v_proj", StringComparison.Ordinal)))
        {
            tensors[$"base_model.model.{module.Name}.lora_A.weight"] = RandomTensors.Normal(random, strength, rank, module.Inputs);
            tensors[$"base_model.model.{module.Name}.lora_B.weight"] = RandomTensors.Normal(random, strength, module.Outputs, rank);
        }

        return tensors;
    }

    private static string LoraConfig(int rank) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["peft_type"] = "LORA", ["task_type"] = "CAUSAL_LM", ["r"] = rank, ["lora_alpha"] = 4 * rank, ["target_modules"] = new[] { "q_proj", "v_proj" },
    });

    private static JsonObject Tokenizer()
    {
        JsonObject vocabulary = [];
        string[] bytes = ByteAlphabet();
        for (int i = 0; i < bytes.Length; i++)
        {
            vocabulary[bytes[i]] = i;
        }

        JsonArray added = [];
        for (int i = 0; i < s_special.Length; i++)
        {
            vocabulary[s_special[i]] = EndOfText + i;
            added.Add((JsonNode)new JsonObject
            {
                ["id"] = EndOfText + i, ["content"] = s_special[i], ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            });
        }

        string space = bytes[' '];
        JsonArray merges = [];
        foreach (string word in s_merged)
        {
            vocabulary[space + word] = vocabulary.Count;
            merges.Add((JsonNode)$"{space} {word}");
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = added,
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = merges },
        };
    }

    /// <summary>GPT-2's printable stand-ins for the 256 bytes.</summary>
    private static string[] ByteAlphabet()
    {
        string[] alphabet = new string[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[b] = ((char)(printable ? b : next++)).ToString();
        }

        return alphabet;
    }
}
