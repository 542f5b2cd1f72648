namespace SkPeft.Connectors.Tools;

/// <summary>
/// A piece of a call of a tool while it is written; lists of these are in AdditionalProperties <c>tool_call_deltas</c> of streamed updates. The
/// pieces of one index are one call, which also comes as <c>FunctionCallContent</c> when it is complete.
/// </summary>
/// <remarks>A call that is held to a grammar comes piece by piece; any other comes whole, since only then it is known to be one.</remarks>
/// <param name="Index">Which call of the answer, from 0.</param>
/// <param name="CallId">Its id.</param>
/// <param name="Name">The tool's name, in the first piece; else null.</param>
/// <param name="Arguments">The next characters of its arguments, which are a JSON object.</param>
public sealed record ToolCallDelta(int Index, string CallId, string? Name, string Arguments)
{
    /// <summary>The key under which they are found.</summary>
    public const string PropertyName = "tool_call_deltas";
}
