namespace SkPeft.Peft.PTuning;

/// <summary>The configuration of a P-tuning adapter. The encoder's options shaped its training; the file holds what the encoder gave in the end.</summary>
/// <param name="Keys">The keys of all prompt-learning methods.</param>
internal sealed record PTuningConfig(PromptLearningKeys Keys)
{
    public static PTuningConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        PromptLearningKeys keys = PromptLearningKeys.Read(reader);
        reader.TrainingOnly("encoder_reparameterization_type", "encoder_hidden_size", "encoder_num_layers", "encoder_dropout");
        reader.Finish();
        return new PTuningConfig(keys);
    }
}
