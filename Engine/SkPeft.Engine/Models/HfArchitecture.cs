using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Decides by <c>architectures</c> and <c>model_type</c> whether a model is a LLaMA.</summary>
internal static class HfArchitecture
{
    private const string Supported = "LlamaForCausalLM (model_type llama), MistralForCausalLM (model_type mistral) with sliding_window null";

    public static void Require(ConfigJson json)
    {
        string? type = json.String("model_type");
        string? architecture = ReadArchitecture(json);
        switch (architecture, type)
        {
            case (null, null):
                throw new FileFormatException(json.Path, "architectures", "nothing, and no model_type", "[\"LlamaForCausalLM\"]");
            case ("LlamaForCausalLM" or null, "llama") or ("LlamaForCausalLM", null):
                return;
            case ("MistralForCausalLM" or null, "mistral") or ("MistralForCausalLM", null):
                RequireMistralWithoutWindow(json);
                return;
            case ("LlamaForCausalLM" or "MistralForCausalLM" or null, _):
                throw new UnsupportedModelException(json.Path, "model_type", $"\"{type}\"", Supported);
            default:
                throw new UnsupportedModelException(json.Path, "architectures", $"\"{architecture}\"", Supported);
        }
    }

    private static string? ReadArchitecture(ConfigJson json)
    {
        if (json.Find("architectures") is not { } list)
        {
            return null;
        }

        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 1
            ? JsonFile.StringOf(json.Path, "architectures", list[0])
            : throw json.Wrong("architectures", list, "an array with one name");
    }

    // MistralConfig's own default is a window of 4096: absent is not the same as null.
    private static void RequireMistralWithoutWindow(ConfigJson json)
    {
        if (!json.IsExplicitNull("sliding_window"))
        {
            string found = json.Find("sliding_window") is { } window ? ConfigJson.Describe(window) : "absent (MistralConfig's default is 4096)";
            throw new UnsupportedModelException(json.Path, "sliding_window", found, "null");
        }

        foreach (string key in new[] { "attention_bias", "mlp_bias" })
        {
            if (json.Bool(key, false))
            {
                throw new UnsupportedModelException(json.Path, key, "true", "false, for MistralForCausalLM");
            }
        }
    }
}
