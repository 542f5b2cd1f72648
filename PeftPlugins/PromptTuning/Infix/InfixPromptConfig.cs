namespace SkPeft.Peft.PromptTuning.Infix;

/// <summary>The configuration of soft tokens in the middle of a prompt.</summary>
/// <param name="Slots">The soft tokens, and how a prompt's text names them.</param>
internal sealed record InfixPromptConfig(SoftSlots Slots)
{
    public static InfixPromptConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        int tokens = reader.Integer("num_virtual_tokens", 0);
        string template = reader.Text("prompt_template", "");
        IReadOnlyList<int> splits = reader.Integers("virtual_token_splits") ?? [];
        if (tokens < 1)
        {
            reader.Problem($"num_virtual_tokens is {tokens}; at least 1 is supported");
        }
        else if (splits.Any(s => s < 1) || (splits.Count > 0 && splits.Sum(s => (long)s) != tokens))
        {
            reader.Problem($"virtual_token_splits is [{string.Join(", ", splits)}]; numbers from 1 are supported that add up to num_virtual_tokens, {tokens}");
        }

        reader.TrainingOnly(
            "prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs",
            "encoder_reparameterization_type", "encoder_hidden_size", "encoder_num_layers", "encoder_dropout");
        reader.Finish();
        SoftSlots slots = new(tokens, template) { Splits = splits };
        if (template.Length > 0)
        {
            slots.Require(slots.Cut(template).SelectMany(p => p.Ids), $"adapter '{package.Name}'");
        }

        return new InfixPromptConfig(slots);
    }
}
