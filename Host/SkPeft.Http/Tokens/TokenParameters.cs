using SkPeft.Http.Requests;

namespace SkPeft.Http.Tokens;

/// <summary>The parameters of <c>POST /tokenize</c> and <c>/detokenize</c>, as vLLM has them.</summary>
internal static class TokenParameters
{
    public static ParameterTable Tokenize { get; } = new("TokenizeRequest",
    [
        new("model", ParameterKind.Text, "Whose prompt is made, for messages; all models have one tokenizer. Default: the base model."),
        new("prompt", ParameterKind.Text, "A text; or messages."),
        new("messages", ParameterKind.List, "A conversation; it is written as the model would read it. Or prompt."),
        new("tools", ParameterKind.List, "Functions that the prompt lists, with messages."),
        new("add_special_tokens", ParameterKind.Flag, "Whether BOS comes first where the tokenizer says so, for prompt. Default: true."),
        new("add_generation_prompt", ParameterKind.Flag, "For messages: true, the only value: the prompt ends where the answer begins."),
        new("return_token_strs", ParameterKind.Flag, "Whether the tokens are spelled as well."),
        new("continue_final_message", ParameterKind.Flag, "Send the text as prompt.", ParameterFate.Refused),
        new("chat_template", ParameterKind.Text, "The model's own template is used.", ParameterFate.Refused),
        new("chat_template_kwargs", ParameterKind.Object, "The model's own template is used as it is.", ParameterFate.Refused),
    ]);

    public static ParameterTable Detokenize { get; } = new("DetokenizeRequest",
    [
        new("model", ParameterKind.Text, "All models have one tokenizer."),
        new("tokens", ParameterKind.List, "Token ids.") { IsRequired = true },
    ]);
}
