namespace SkPeft.Engine.Structured.Grammars;

/// <summary>A step of a rule: over a terminal, through another rule, or (neither) for nothing.</summary>
internal readonly record struct Edge(Terminal? Terminal, Rule? Rule, Place Target);

/// <summary>A place in a rule.</summary>
internal sealed class Place
{
    public List<Edge> Edges { get; } = [];

    /// <summary>Whether the rule ends here.</summary>
    public bool IsEnd { get; set; }

    public void Add(Terminal terminal, Place target) => Edges.Add(new Edge(terminal, null, target));

    public void Add(Rule rule, Place target) => Edges.Add(new Edge(null, rule, target));

    public void Skip(Place target) => Edges.Add(new Edge(null, null, target));
}

/// <summary>A rule of a grammar: what lies between its start and its end. Rules may contain themselves, but never at their own start.</summary>
/// <param name="name">Where it comes from, for messages.</param>
internal sealed class Rule(string name)
{
    public string Name { get; } = name;

    public Place Start { get; } = new();
}
