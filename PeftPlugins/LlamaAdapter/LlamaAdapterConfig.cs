using SkPeft.Tensors.Training;

namespace SkPeft.Peft.LlamaAdapter;

/// <summary>The configuration of a LLaMA-Adapter.</summary>
/// <param name="Published">True for the form of the paper's code, false for Hugging Face's.</param>
/// <param name="Length">Prompts of a layer, at least 1.</param>
/// <param name="Layers">So many layers, counted from the top, have prompts.</param>
internal sealed record LlamaAdapterConfig(bool Published, int Length, int Layers)
{
    public const string HuggingFaceType = "ADAPTION_PROMPT";
    public const string PublishedType = "SKPEFT_LLAMA_ADAPTER";

    private const string Attention = "self_attn";

    /// <summary>Gives a run the paper's sizes where its configuration is silent: 10 prompts in the top 30 layers, or in all where there are fewer.</summary>
    public static ConfigDraft Complete(ConfigDraft draft, ModelSizes sizes) =>
        draft.Default("adapter_len", 10).Default("adapter_layers", Math.Min(30, sizes.Layers));

    public static LlamaAdapterConfig Read(AdapterPackage package, ModelShape shape)
    {
        AdapterConfigReader reader = new(package);
        bool published = package.PeftType == PublishedType;
        int length = reader.Integer("adapter_len", 0);
        if (length < 1)
        {
            reader.Problem($"adapter_len is {length}; at least 1 is supported");
        }

        int layers = reader.Integer("adapter_layers", 0);
        if (layers < 1 || layers > shape.Sizes.Layers)
        {
            reader.Problem($"adapter_layers is {layers}; 1 to {shape.Sizes.Layers} are supported, the layers of this model");
        }

        string target = published ? Attention : reader.Text("target_modules", Attention);
        bool isPart = target.Length > 0 && shape.Modules.Any(m => $".{m.Name}.".Contains($".{target}.", StringComparison.Ordinal));
        if (isPart && target != Attention)
        {
            reader.Problem($"target_modules is {target}; {Attention} is supported, the prompts are keys and values");
        }

        reader.Finish();
        return isPart
            ? new LlamaAdapterConfig(published, length, layers)
            : throw new AdapterMatchesNothingException(package.Name, $"'{target}'", $"'{Attention}' in each of its {shape.Sizes.Layers} layers");
    }
}
