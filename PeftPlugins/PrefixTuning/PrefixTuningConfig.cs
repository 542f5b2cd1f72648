namespace SkPeft.Peft.PrefixTuning;

/// <summary>The configuration of a prefix. The projection and the start shaped its training; the file holds the final keys and values.</summary>
/// <param name="Keys">The keys of all prompt-learning methods; since PEFT 0.12 token_dim and num_attention_heads are those of the key-value heads.</param>
internal sealed record PrefixTuningConfig(PromptLearningKeys Keys)
{
    public static PrefixTuningConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        PromptLearningKeys keys = PromptLearningKeys.Read(reader);
        reader.TrainingOnly("prefix_projection", "encoder_hidden_size", "init_weights");
        reader.Finish();
        return new PrefixTuningConfig(keys);
    }
}
