namespace SkPeft.Connectors.Requests;

/// <summary>Names of settings in prompt files, beside <see cref="PropertyNames"/>: those that frameworks turn into typed options.</summary>
internal static class SettingNames
{
    public const string Temperature = "temperature";
    public const string TopP = "top_p";
    public const string TopK = "top_k";
    public const string Seed = "seed";
    public const string MaxTokens = "max_tokens";
    public const string StopSequences = "stop_sequences";
    public const string PresencePenalty = "presence_penalty";
    public const string FrequencyPenalty = "frequency_penalty";
    public const string ResponseFormat = "response_format";
}
