using SkPeft.Tensors;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.TrainableTokens;

/// <summary>
/// Trainable tokens: new rows of the embedding (and of the head) for a few tokens, everything else as it is. Files as HF PEFT 0.21 writes
/// them.
/// </summary>
public sealed class TrainableTokensMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["TRAINABLE_TOKENS"];

    /// <inheritdoc/>
    public string Description => "Trainable tokens: new embeddings for a few tokens";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        TrainableTokensConfig config = TrainableTokensConfig.Read(new AdapterConfigReader(package), shape);
        ModuleNames names = ModuleNames.Of(package);
        TokenTables tables = TokenTables.Match(config, package, names, shape);
        AdapterTensors tensors = new(names.Package);
        Dictionary<ModuleInfo, Tensor> rows = tables.Own.ToDictionary(m => m, m => tensors.Take(TokenTables.FileName(m), config.Tokens.Count, shape.Sizes.HiddenSize));
        tables.TakeCopy(package.Name, tensors, rows);
        tensors.Finish();
        return new TrainableTokensModule(config.Tokens, tables, rows, shape.Sizes.VocabularySize);
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        new StartReader(request).Finish();
        ConfigDraft draft = new ConfigDraft(request).Default("target_modules", "model.embed_tokens").Default("init_weights", true);
        AdapterPackage package = draft.ToPackage(request.Package.Name);
        TrainableTokensConfig config = TrainableTokensConfig.Read(new AdapterConfigReader(package), request.Model.Shape);
        TokenTables tables = TokenTables.Match(config, package, ModuleNames.AsTheyAre(package), request.Model.Shape);
        ParameterSet parameters = new();
        foreach (ModuleInfo module in tables.Own)
        {
            Tensor start = config.StartsAtBase
                ? request.Model.Weight(module.Name).Gather([.. config.Tokens])
                : StartValues.Normal(request.Random, 1, config.Tokens.Count, request.Model.Shape.Sizes.HiddenSize);

            // A row that is not trained stays the base's, not 0: nothing pulls it there.
            parameters.Add(TokenTables.FileName(module), TokenTables.FileName(module) + ".default", start, decays: false);
        }

        return new TrainableTokensTraining(this, request, draft.ToElement(), parameters, tables);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        // The tied base: the one row that was trained stands in the embedding and in the head.
        ModelSizes sizes = new TinyBase().Shape.Sizes with { TiedEmbeddings = true };
        Tensor table = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], 4, 2);
        TinyBase model = new(sizes with { VocabularySize = 4 }, ("model.embed_tokens", table), ("lm_head", table));
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "TRAINABLE_TOKENS", "token_indices": [2] }""", (AdapterTensors.Prefix + "model.embed_tokens.trainable_tokens_delta", Tensor.From([10, 20], 1, 2)));
        IReadOnlyList<Effect> effects = Load(package, model.Shape).BuildEffects(model);

        Tensor embedded = effects.OfType<TokenEmbeddingEffect>().Single().Apply([0, 2], 0, Tensor.From([1, 2, 5, 6], 2, 2));
        SelfCheck.Equal("The embeddings of tokens 0 and 2", embedded, 1, 2, 10, 20);
        LowRankEffect head = effects.OfType<LowRankEffect>().Single();
        SelfCheck.Equal("What the head's row gets added", head.A, 5, 14);
        SelfCheck.Equal("The place of that row", head.B, 0, 0, 1, 0);
    }
}
