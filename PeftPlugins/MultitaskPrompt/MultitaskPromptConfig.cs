namespace SkPeft.Peft.MultitaskPrompt;

/// <summary>The configuration of a multitask prompt.</summary>
/// <param name="Keys">The keys of all prompt-learning methods.</param>
/// <param name="Tasks">Tasks that the file holds.</param>
/// <param name="Ranks">The rank of a task's factor.</param>
internal sealed record MultitaskPromptConfig(PromptLearningKeys Keys, int Tasks, int Ranks)
{
    public static MultitaskPromptConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        MultitaskPromptConfig config = new(PromptLearningKeys.Read(reader), Positive(reader, "num_tasks"), Positive(reader, "num_ranks"));
        reader.TrainingOnly(
            "prompt_tuning_init", "prompt_tuning_init_text", "prompt_tuning_init_state_dict_path", "prompt_tuning_init_task", "tokenizer_name_or_path", "tokenizer_kwargs");
        reader.Finish();
        return config;
    }

    // Hugging Face's default is 1 for both.
    private static int Positive(AdapterConfigReader reader, string key)
    {
        int value = reader.Integer(key, 1);
        if (value < 1)
        {
            reader.Problem($"{key} is {value}; at least 1 is supported");
        }

        return value;
    }
}
