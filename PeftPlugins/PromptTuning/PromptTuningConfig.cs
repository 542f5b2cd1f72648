namespace SkPeft.Peft.PromptTuning;

/// <summary>The configuration of a prompt-tuning adapter: nothing but sizes matters once it is trained.</summary>
/// <param name="Keys">The keys of all prompt-learning methods.</param>
internal sealed record PromptTuningConfig(PromptLearningKeys Keys)
{
    public static PromptTuningConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        PromptLearningKeys keys = PromptLearningKeys.Read(reader);
        reader.TrainingOnly("prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs");
        reader.Finish();
        return new PromptTuningConfig(keys);
    }
}
