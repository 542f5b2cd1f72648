using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>The parameters of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatParameters
{
    private const string NotStored = "Nothing is stored here.";

    public static ParameterTable Table { get; } = new("ChatCompletionRequest",
    [
        new("model", ParameterKind.Text, "A skill, a module (name, name@version, name@alias), or the base model.") { IsRequired = true },
        new("messages", ParameterKind.List, "The conversation. A skill with a prompt of its own takes one user message.") { IsRequired = true },
        new("skill", ParameterKind.Text, "The skill whose prompt and labels are used with the module that model names. Without it: the skill of the module's name, where there is one."),
        .. SamplingParameters.All,
        new("n", ParameterKind.Integer, "How many answers."),
        new("stream", ParameterKind.Flag, "Whether the answer comes as server-sent events."),
        new("stream_options", ParameterKind.Object, "include_usage: a last event with the usage."),
        new("logprobs", ParameterKind.Flag, "Whether the tokens' log-probabilities are told."),
        new("top_logprobs", ParameterKind.Integer, "How many of the most probable tokens are told at each step, 0 to 20; needs logprobs."),
        new("tools", ParameterKind.List, "Functions that the model may call."),
        new("tool_choice", ParameterKind.Any, "none, auto, required, or one function by name."),
        new("parallel_tool_calls", ParameterKind.Flag, "Whether one answer may have several calls."),
        new("response_format", ParameterKind.Object, "text, json_object, or json_schema."),
        new("modalities", ParameterKind.List, "[\"text\"]."),
        new("user", ParameterKind.Text, "Of no effect here.", ParameterFate.Ignored),
        new("metadata", ParameterKind.Object, NotStored, ParameterFate.Ignored),
        new("store", ParameterKind.Flag, NotStored, ParameterFate.Ignored),
        new("service_tier", ParameterKind.Text, "There is one tier.", ParameterFate.Ignored),
        new("safety_identifier", ParameterKind.Text, "Of no effect here.", ParameterFate.Ignored),
        new("prompt_cache_key", ParameterKind.Text, "Of no effect here.", ParameterFate.Ignored),
        new("prompt_cache_retention", ParameterKind.Text, "Of no effect here.", ParameterFate.Ignored),
        new("prediction", ParameterKind.Object, "A hint about speed, which is not used.", ParameterFate.Ignored),
        new("functions", ParameterKind.List, "Send tools.", ParameterFate.Refused),
        new("function_call", ParameterKind.Any, "Send tool_choice.", ParameterFate.Refused),
        new("audio", ParameterKind.Object, "This model writes text only.", ParameterFate.Refused),
        new("web_search_options", ParameterKind.Object, "There are no hosted tools here.", ParameterFate.Refused),
        new("reasoning_effort", ParameterKind.Text, "Reasoning cannot be steered.", ParameterFate.Refused),
        new("verbosity", ParameterKind.Text, "Say in the prompt how long the answer is to be, or send max_tokens.", ParameterFate.Refused),
        new("moderation", ParameterKind.Object, "Nothing is moderated here.", ParameterFate.Refused),
        new("best_of", ParameterKind.Integer, "Send n and choose.", ParameterFate.Refused),
        new("echo", ParameterKind.Flag, "The answer never repeats the prompt.", ParameterFate.Refused),
        new("guided_json", ParameterKind.Any, "Send response_format.", ParameterFate.Refused),
    ]);
}
