namespace SkPeft.Http.Errors;

/// <summary>An option that the engine or the connector refuses, under the name that the HTTP client knows.</summary>
internal static class OptionError
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["Temperature"] = "temperature",
        ["TopP"] = "top_p",
        ["TopK"] = "top_k",
        ["PresencePenalty"] = "presence_penalty",
        ["FrequencyPenalty"] = "frequency_penalty",
        ["MaxOutputTokens"] = "max_tokens",
        ["StopSequences"] = "stop",
        ["Tools"] = "tools",
        ["ToolMode"] = "tool_choice",
        ["AllowMultipleToolCalls"] = "parallel_tool_calls",
        ["ResponseFormat"] = "response_format",
        ["Reasoning"] = "reasoning_effort",
        ["Instructions"] = "messages",
        ["chat"] = "messages",
        ["user message"] = "messages",
        ["logit_bias token"] = "logit_bias",
        ["logit_bias value"] = "logit_bias",
        ["token id"] = "prompt",
        ["adapter"] = "model",
    };

    public static ApiException Of(InvalidOptionException error)
    {
        string param = s_names.GetValueOrDefault(error.Option)
            ?? (error.Option.EndsWith(" message", StringComparison.Ordinal) ? "messages" : error.Option);
        string message = error.Message.StartsWith($"{error.Option}:", StringComparison.Ordinal) ? $"{param}{error.Message[error.Option.Length..]}" : error.Message;
        return ApiException.BadRequest(param, message, error.Kind, error);
    }
}
