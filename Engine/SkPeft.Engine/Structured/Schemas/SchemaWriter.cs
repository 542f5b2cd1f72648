using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Writes schemas as rules of a grammar: one a node, so that recursion is a rule that leads to itself.</summary>
internal sealed class SchemaWriter(Terminals terminals)
{
    private readonly Dictionary<SchemaNode, Rule> _rules = [];
    private readonly Dictionary<string, Terminal> _literals = new(StringComparer.Ordinal);
    private readonly Queue<SchemaNode> _open = [];
    private readonly PlaceBudget _budget = new();

    /// <summary>The rule of a schema's values, with all rules that it leads to.</summary>
    /// <exception cref="SchemaException">The grammar would be too large.</exception>
    public Rule Write(SchemaNode root)
    {
        Rule rule = RuleOf(root);
        while (_open.TryDequeue(out SchemaNode? node))
        {
            _budget.Origin = node.Origin;
            node.Origin.Guard(() => Fill(_rules[node], node), "schema");
        }

        return rule;
    }

    private Rule RuleOf(SchemaNode node)
    {
        if (!_rules.TryGetValue(node, out Rule? rule))
        {
            rule = new Rule(node.Origin.Pointer);
            _rules.Add(node, rule);
            _open.Enqueue(node);
        }

        return rule;
    }

    private Rule Fill(Rule rule, SchemaNode node)
    {
        Place end = _budget.Add();
        end.IsEnd = true;
        Shape[] meant = [.. node.Shapes.Where(s => !s.IsIncidental)];
        List<string> literals = [];
        foreach (Shape shape in meant.Length > 0 ? meant : node.Shapes)
        {
            if (!AddLiteral(literals, shape))
            {
                Add(rule.Start, shape, node, end);
            }
        }

        if (literals.Count > 0)
        {
            rule.Start.Add(LiteralsOf(literals), end);
        }

        return rule;
    }

    private static bool AddLiteral(List<string> literals, Shape shape)
    {
        string[] texts = shape switch
        {
            NullShape => ["null"],
            BooleanShape => ["true", "false"],
            ConstantShape { Value.ValueKind: not (System.Text.Json.JsonValueKind.Array or System.Text.Json.JsonValueKind.Object) } constant => [JsonText.Of(constant.Value)],
            _ => [],
        };
        literals.AddRange(texts);
        return texts.Length > 0;
    }

    // All of them in one automaton; many schemas have the same.
    private Terminal LiteralsOf(List<string> literals)
    {
        string key = string.Join('\n', literals);
        if (!_literals.TryGetValue(key, out Terminal? terminal))
        {
            _literals.Add(key, terminal = terminals.Literals(literals));
        }

        return terminal;
    }

    private void Add(Place start, Shape shape, SchemaNode node, Place end)
    {
        switch (shape)
        {
            case NumberShape number:
                start.Add(NumberOf(number.Range), end);
                break;
            case StringShape text:
                start.Add(StringOf(text), end);
                break;
            case ArrayShape array:
                new ArrayWriter(terminals, RuleOf, _budget).Add(array, start, end);
                break;
            case ObjectShape item:
                new ObjectWriter(terminals, RuleOf, _budget).Add(item, start, end);
                break;
            case ConstantShape constant:
                Add(start, ConstantShapes.Open(constant, node.Origin), node, end);
                break;
        }
    }

    private Terminal NumberOf(NumberRange range) =>
        range == NumberRange.All ? terminals.AnyNumber
        : range == NumberRange.Integers ? terminals.AnyInteger
        : terminals.Regex(NumberText.Of(range));

    private Terminal StringOf(StringShape text)
    {
        TextAutomaton texts = TextAlgebra.Both(text.Pattern, text.Format);
        return texts != TextAutomaton.AnyText ? terminals.String(TextAlgebra.WithLength(texts, text.Min, text.Max))
            : text is { Min: 0, Max: null } ? terminals.AnyString
            : terminals.String(text.Min, text.Max);
    }
}
