using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Tensors.Ops;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Training;

/// <summary>The plain reference as a probe: what passes by inside it is captured by effects that change nothing. A word is a token.</summary>
internal sealed class ReferenceProbe(ReferenceLlama model) : IModelProbe
{
    private readonly ModelSizes _sizes = model.Shape.Sizes;

    public bool HasTokenizer { get; init; } = true;

    public int? OpeningId { get; init; }

    public IReadOnlyList<int> Tokenize(string text) => !HasTokenizer
        ? throw new InvalidOptionException("start text", text, "a model with a tokenizer")
        : [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Aggregate(7, (hash, c) => ((hash * 31) + c) % _sizes.VocabularySize))];

    public Tensor Embeddings(IReadOnlyList<int> ids) => model.Weight("model.embed_tokens").Gather([.. ids]);

    public IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int> ids)
    {
        SubLayerCapture[] captures = [.. Enumerable.Range(0, 2 * _sizes.Layers).Select(i => new SubLayerCapture(i / 2, i % 2 == 0 ? SubLayerKind.Attention : SubLayerKind.Mlp))];
        _ = model.Logits(ids, ids.Count, captures);
        List<Tensor> states = [Embeddings(ids)];
        for (int layer = 0; layer + 1 < _sizes.Layers; layer++)
        {
            states.Add(states[layer].Add(captures[2 * layer].Rows).Add(captures[(2 * layer) + 1].Rows));
        }

        return states;
    }

    public IReadOnlyList<(Tensor Keys, Tensor Values)> KeysAndValues(IReadOnlyList<int> ids)
    {
        LinearCapture[] captures = [.. Enumerable.Range(0, 2 * _sizes.Layers).Select(i => new LinearCapture(new LinearSite(i / 2, i % 2 == 0 ? LinearKind.Key : LinearKind.Value)))];
        _ = model.Logits(ids, ids.Count, captures);
        return [.. Enumerable.Range(0, _sizes.Layers).Select(l => (model.Rope.Rotate(captures[2 * l].Rows, _sizes.HeadDim, 0), captures[(2 * l) + 1].Rows))];
    }
}
