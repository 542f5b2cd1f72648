namespace SkPeft.Peft.LlamaAdapter;

/// <summary>The parameters of one layer.</summary>
/// <param name="Layer">The block, from 0.</param>
/// <param name="Prompt">[length, hidden], with a leading 1 in Hugging Face's files.</param>
/// <param name="Gate">Before any squashing: [heads], or [1] in Hugging Face's files.</param>
internal sealed record GatedPrompt(int Layer, Tensor Prompt, Tensor Gate)
{
    public static IReadOnlyList<GatedPrompt> TakeAll(AdapterTensors tensors, LlamaAdapterConfig config, ModelSizes sizes) =>
        [.. Enumerable.Range(sizes.Layers - config.Layers, config.Layers).Select(layer => config.Published
            ? new GatedPrompt(
                layer,
                tensors.Take($"layers.{layer}.prompt", config.Length, sizes.HiddenSize),
                tensors.Take($"layers.{layer}.gate", sizes.Heads))
            : new GatedPrompt(
                layer,
                tensors.Take($"{AdapterTensors.Prefix}model.layers.{layer}.self_attn.adaption_prompt", 1, config.Length, sizes.HiddenSize),
                tensors.Take($"{AdapterTensors.Prefix}model.layers.{layer}.self_attn.adaption_gate", 1)))];
}
