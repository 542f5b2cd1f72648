using SkPeft.Engine;
using SkPeft.Engine.Adapters;

namespace SkPeft.Training.Forward;

/// <summary>Words, embeddings and activations of the bare base, for starts from real words.</summary>
internal sealed class ModelProbe(LanguageModel model, TrainingForward forward) : IModelProbe
{
    public bool HasTokenizer => model.Tokenizer is not null;

    public int? OpeningId => model.Tokenizer is { AddBosByDefault: true } tokenizer ? tokenizer.BosId : null;

    public IReadOnlyList<int> Tokenize(string text) =>
        model.Tokenizer?.Encode(text)
        ?? throw new InvalidOptionException("start text", $"'{text}'", "a model with a tokenizer; give another start");

    public Tensor Embeddings(IReadOnlyList<int> ids)
    {
        Tensor embeddings = new(ids.Count, model.Shape.Sizes.HiddenSize);
        for (int i = 0; i < ids.Count; i++)
        {
            model.Weights.Embed(ids[i], embeddings.Row(i));
        }

        return embeddings;
    }

    public IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int> ids) => [.. Layers(ids).Select(l => l.Hidden)];

    public IReadOnlyList<(Tensor Keys, Tensor Values)> KeysAndValues(IReadOnlyList<int> ids) => [.. Layers(ids).Select(l => (l.Keys, l.Values))];

    private IReadOnlyList<LayerState> Layers(IReadOnlyList<int> ids) =>
        forward.Probe(new TrainingSequence(EffectIndex.Sort("", "", [], model.Shape), ids.ToArray(), ids.Count, ids.Count));
}
