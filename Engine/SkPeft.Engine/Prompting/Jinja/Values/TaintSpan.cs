namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>UTF-16 units of a string that came from the conversation, not from the template.</summary>
internal readonly record struct TaintSpan(int Start, int Length)
{
    public int End => Start + Length;
}
