using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary>The parameters of <c>POST /v1/completions</c>.</summary>
internal static class CompletionParameters
{
    public static ParameterTable Table { get; } = new("CompletionRequest",
    [
        new("model", ParameterKind.Text, "A skill, a module (name, name@version, name@alias), or the base model. The prompt is taken as it is: a skill's own prompt is not put around it.") { IsRequired = true },
        new("prompt", ParameterKind.Any, "A text, a list of texts, a list of token ids, or a list of such lists.") { IsRequired = true },
        .. SamplingParameters.All,
        new("n", ParameterKind.Integer, "How many answers a prompt."),
        new("stream", ParameterKind.Flag, "Whether the answer comes as server-sent events."),
        new("stream_options", ParameterKind.Object, "include_usage: a last event with the usage."),
        new("logprobs", ParameterKind.Integer, "How many of the most probable tokens are told at each step, 0 to 20, beside the chosen one."),
        new("echo", ParameterKind.Flag, "false: the answer never repeats the prompt."),
        new("best_of", ParameterKind.Integer, "What n says: answers are not chosen among."),
        new("user", ParameterKind.Text, "Of no effect here.", ParameterFate.Ignored),
        new("suffix", ParameterKind.Text, "This model does not fill gaps: expected nothing.", ParameterFate.Refused),
        new("response_format", ParameterKind.Object, "Send it to /v1/chat/completions.", ParameterFate.Refused),
    ]);
}
