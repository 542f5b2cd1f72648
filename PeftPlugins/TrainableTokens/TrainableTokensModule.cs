using SkPeft.Tensors.Effects;

namespace SkPeft.Peft.TrainableTokens;

/// <summary>A loaded adapter with trained tokens.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="tables">The tables that have new rows.</param>
/// <param name="rows">The rows, [tokens, hidden], by table.</param>
/// <param name="vocabulary">The base's vocabulary.</param>
internal sealed class TrainableTokensModule(
    IReadOnlyList<int> tokens, TokenTables tables, IReadOnlyDictionary<ModuleInfo, Tensor> rows, int vocabulary) : PeftModule
{
    private readonly Tensor? _places = tables.Follower is not null || rows.Keys.Any(m => m.Kind == ModuleKind.Linear) ? TokenRows.Places(tokens, vocabulary) : null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules { get; } =
        [.. tables.Own.Select(m => m.Name), .. tables.Follower is { } head ? [head.Name] : Array.Empty<string>()];

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        List<Effect> effects = [.. rows.Select(r => EffectOn(r.Key, r.Value, model))];
        if (tables.Follower is { } head)
        {
            effects.Add(EffectOn(head, rows.Values.Single(), model));
        }

        return effects;
    }

    private Effect EffectOn(ModuleInfo module, Tensor own, IBaseModel model) => module.Kind == ModuleKind.Embedding
        ? TokenRows.InEmbedding(tokens, own)
        : TokenRows.InHead(tokens, own, model.Weight(module.Name), _places!);
}
