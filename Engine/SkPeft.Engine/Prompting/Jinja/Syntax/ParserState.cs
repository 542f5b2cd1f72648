namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>What a parser knows of the places around the one it reads.</summary>
internal sealed class ParserState
{
    private Stack<HashSet<string>> _macros = new();

    /// <summary>True directly in an if: unknown filters and tests are errors there only when they are reached.</summary>
    public bool Soft { get; set; }

    /// <summary>Filters and tests that there are not, where it is an error to name them; the first is thrown when all is read.</summary>
    public List<TemplateSyntaxException> Unknown { get; } = [];

    /// <summary>How many loops <c>break</c> could leave.</summary>
    public int Loops { get; set; }

    /// <summary>How many for statements are open, whatever lies between.</summary>
    public int Fors { get; set; }

    public void OpenMacro() => _macros.Push([]);

    /// <summary>Opens what is no part of the macros around it: names said in there count for none of them.</summary>
    public Stack<HashSet<string>> HideMacros()
    {
        Stack<HashSet<string>> hidden = _macros;
        _macros = new Stack<HashSet<string>>();
        return hidden;
    }

    public void ShowMacros(Stack<HashSet<string>> hidden) => _macros = hidden;

    /// <summary>Which of <c>caller</c>, <c>kwargs</c> and <c>varargs</c> the macro spoke of.</summary>
    public HashSet<string> CloseMacro() => _macros.Pop();

    public void Mention(string name)
    {
        if (name is "caller" or "kwargs" or "varargs")
        {
            foreach (HashSet<string> macro in _macros)
            {
                macro.Add(name);
            }
        }
    }
}
