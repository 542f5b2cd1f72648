namespace SkPeft.Connectors.Tools;

/// <summary>How a model writes calls of tools into its answer.</summary>
/// <param name="Name">Whose convention it is, for messages.</param>
internal sealed record ToolConvention(string Name)
{
    /// <summary><c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c>: Hermes, Qwen, SmolLM2.</summary>
    public static ToolConvention Hermes { get; } = new("Hermes") { Open = "<tool_call>", Close = "</tool_call>", Inner = "\n" };

    /// <summary><c>[TOOL_CALLS] [{"name": …, "arguments": {…}, "id": …}, …]</c>; ids have nine letters and digits.</summary>
    public static ToolConvention Mistral { get; } = new("Mistral") { Open = "[TOOL_CALLS]", IsList = true, IdLength = 9 };

    /// <summary><c>&lt;|tool_call|&gt;[{"name": …, "arguments": {…}}, …]</c>.</summary>
    public static ToolConvention Granite { get; } = new("Granite") { Open = "<|tool_call|>", IsList = true };

    /// <summary>The answer is <c>{"name": …, "parameters": {…}}</c>, sometimes behind <c>&lt;|python_tag|&gt;</c>.</summary>
    public static ToolConvention Llama3 { get; } = new("Llama 3") { Open = "<|python_tag|>", IsBare = true, Arguments = "parameters", IsSingle = true };

    /// <summary>The answer is <c>{"name": …, "arguments": {…}}</c>: where a template says nothing else.</summary>
    public static ToolConvention PlainJson { get; } = new("plain JSON") { IsBare = true };

    /// <summary>What stands in front of a call or list of calls; null: nothing.</summary>
    public string? Open { get; init; }

    /// <summary>What stands behind a call; null: nothing.</summary>
    public string? Close { get; init; }

    /// <summary>White space between the marks and the call.</summary>
    public string Inner { get; init; } = "";

    /// <summary>Whether calls stand in one list.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether an answer that begins with an object may be a call without any mark.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether an answer has one call at most: the template can write no more back.</summary>
    public bool IsSingle { get; init; }

    /// <summary>The key of the arguments when the model is made to write a call; both are read.</summary>
    public string Arguments { get; init; } = "arguments";

    /// <summary>The length of call ids that the template insists on; null: any.</summary>
    public int? IdLength { get; init; }

    /// <summary>The texts that a tokenizer may have as special tokens, which would be left out of the answer's text.</summary>
    public IEnumerable<string> Marks => new[] { Open, Close }.OfType<string>();

    /// <summary>The convention of a chat template, by what it writes around earlier calls or tells the model to write.</summary>
    public static ToolConvention Of(string? template)
    {
        bool Says(string mark) => template?.Contains(mark, StringComparison.Ordinal) == true;
        return Says("<tool_call>") ? Hermes
            : Says("[TOOL_CALLS]") ? Mistral
            : Says("<|tool_call|>") ? Granite
            : Says("<|python_tag|>") || Says("<|start_header_id|>ipython") ? Llama3
            : PlainJson;
    }
}
