using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.LlamaAdapter;

/// <summary>The parameters of one layer.</summary>
/// <param name="Layer">The block, from 0.</param>
/// <param name="Prompt">[length, hidden], with a leading 1 in Hugging Face's files.</param>
/// <param name="Gate">Before any squashing: [heads], or [1] in Hugging Face's files.</param>
internal sealed record GatedPrompt(int Layer, Tensor Prompt, Tensor Gate)
{
    public static IReadOnlyList<GatedPrompt> TakeAll(AdapterTensors tensors, LlamaAdapterConfig config, ModelSizes sizes) =>
        [.. LayersOf(config, sizes).Select(layer => new GatedPrompt(
            layer,
            tensors.Take(PromptName(config, layer), PromptShape(config, sizes)),
            tensors.Take(GateName(config, layer), config.Published ? sizes.Heads : 1)))];

    /// <summary>Adds prompts drawn from N(0, 1) and gates of 0: step 0 is the base. Decay would draw gates to where nothing is learned.</summary>
    public static void StartAll(ParameterSet parameters, LlamaAdapterConfig config, ModelSizes sizes, Random random)
    {
        foreach (int layer in LayersOf(config, sizes))
        {
            string prompt = PromptName(config, layer);
            string gate = GateName(config, layer);
            parameters.Add(prompt, prompt, StartValues.Normal(random, 1, PromptShape(config, sizes)));
            parameters.Add(gate, gate, new Tensor(config.Published ? sizes.Heads : 1), decays: false);
        }
    }

    private static IEnumerable<int> LayersOf(LlamaAdapterConfig config, ModelSizes sizes) => Enumerable.Range(sizes.Layers - config.Layers, config.Layers);

    private static int[] PromptShape(LlamaAdapterConfig config, ModelSizes sizes) =>
        config.Published ? [config.Length, sizes.HiddenSize] : [1, config.Length, sizes.HiddenSize];

    private static string PromptName(LlamaAdapterConfig config, int layer) =>
        config.Published ? $"layers.{layer}.prompt" : $"{AdapterTensors.Prefix}model.layers.{layer}.self_attn.adaption_prompt";

    private static string GateName(LlamaAdapterConfig config, int layer) =>
        config.Published ? $"layers.{layer}.gate" : $"{AdapterTensors.Prefix}model.layers.{layer}.self_attn.adaption_gate";
}
