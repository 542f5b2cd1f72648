using SkPeft.Tensors.Training;

namespace SkPeft.Peft.PromptTuning.Infix;

/// <summary>Begins a training: of the soft tokens themselves, or through a prompt encoder that is dropped afterwards (P-tuning).</summary>
internal static class InfixPromptStart
{
    private const string Encoder = "prompt_encoder.default";

    public static PeftTraining Begin(InfixPromptMethod method, TrainingRequest request)
    {
        int hidden = request.Model.Shape.Sizes.HiddenSize;
        AdapterPackage package = Complete(request).Default("prompt_tuning_init", "RANDOM").Default("encoder_hidden_size", hidden).Default("encoder_num_layers", 2)
            .ToPackage(request.Package.Name);
        InfixPromptConfig config = InfixPromptConfig.Read(package);
        AdapterConfigReader reader = new(package);
        string kind = reader.Text("encoder_reparameterization_type", "");
        StartReader options = new(request);
        SoftTokenStart start = SoftTokenStart.Read(options, reader);
        options.Finish();
        Tensor embeddings = start.Create(request, config.Slots.Count);

        ParameterSet parameters = new();
        if (kind.Length == 0)
        {
            parameters.Add(PromptTuningModule.TensorName, $"{Encoder}.embedding.weight", embeddings);
            return new InfixPromptTraining(new DirectTraining(method, request, package.Config, parameters), config.Slots);
        }

        SoftTokenEncoderConfig encoderConfig = SoftTokenEncoderConfig.Read(package);
        Tensor inputs = parameters.AddUnsaved($"{Encoder}.embedding.weight", embeddings);
        SoftTokenEncoder encoder = SoftTokenEncoder.Add(parameters, Encoder, encoderConfig, hidden, request.Random);
        return new InfixPromptTraining(
            new EncodedTraining(
                package.Config, parameters, PromptTuningModule.TensorName, _ => encoder.Encode(inputs), table => new InfixPromptModule(config, table), [package.Name]),
            config.Slots);
    }

    // The data's own prompt says where the soft tokens stand, and how many there are, where the configuration does not.
    private static ConfigDraft Complete(TrainingRequest request)
    {
        ConfigDraft draft = new(request);
        if (request.Prompt is { } prompt)
        {
            draft.Default("prompt_template", prompt);
        }

        AdapterConfigReader given = new(draft.ToPackage(request.Package.Name));
        int tokens = SoftSlots.CountIn(given.Text("prompt_template", ""), given.Integers("virtual_token_splits") ?? []);
        return tokens == 0 ? draft : draft.Default("num_virtual_tokens", tokens);
    }
}
