using System.Text.Json;
using SkPeft.Engine.Structured.Grammars;
using SkPeft.Engine.Structured.Schemas;
using SkPeft.Engine.Structured.Vocabulary;

namespace SkPeft.Engine.Structured;

/// <summary>Writes parts of an answer as a rule.</summary>
internal sealed class OutputWriter(VocabularyTrie trie)
{
    private static readonly JsonElement s_anyObject = JsonElement.Parse("""{ "type": "object" }""");

    private readonly Terminals _terminals = Terminals.Of(trie);

    public Rule Write(OutputPart output)
    {
        Rule rule = new("output");
        Place end = new() { IsEnd = true };
        Add(output, rule.Start, end);
        return rule;
    }

    private void Add(OutputPart part, Place start, Place end)
    {
        switch (part)
        {
            case LiteralPart literal:
                start.Add(LiteralOf(literal.Text), end);
                break;
            case TextPart text:
                AddText(text, start, end);
                break;
            case JsonPart json:
                AddJson(json.Schema, json.Name, start, end);
                break;
            case JsonObjectPart:
                AddJson(s_anyObject, "json_object", start, end);
                break;
            case SequencePart sequence:
                AddSequence(sequence.Items, start, end);
                break;
            case ChoicePart choice:
                foreach (OutputPart item in choice.Items)
                {
                    Add(item, start, end);
                }

                break;
            case RepeatPart repeat:
                AddRepeat(repeat, start, end);
                break;
        }
    }

    private void AddSequence(IReadOnlyList<OutputPart> items, Place start, Place end)
    {
        Place at = start;
        for (int i = 0; i < items.Count; i++)
        {
            Place next = i == items.Count - 1 ? end : new Place();
            Add(items[i], at, next);
            at = next;
        }

        if (items.Count == 0)
        {
            start.Skip(end);
        }
    }

    private void AddRepeat(RepeatPart repeat, Place start, Place end)
    {
        Place item = new(), behind = new();
        start.Skip(item);
        Add(repeat.Item, item, behind);
        behind.Skip(end);
        if (repeat.Separator is { } separator)
        {
            Add(separator, behind, item);
        }
        else
        {
            behind.Skip(item);
        }
    }

    private void AddJson(JsonElement schema, string name, Place start, Place end)
    {
        Rule rule;
        try
        {
            rule = RuleOf(schema, name);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new SchemaException(name, "#", "$ref", "references that follow each other too far", "shorter chains of references");
        }

        Place value = new();
        start.Add(_terminals.Lead, value);
        start.Skip(value);
        value.Add(rule, end);
    }

    private Rule RuleOf(JsonElement schema, string name)
    {
        SchemaReader reader = new(schema, name);
        Emptiness emptiness = new(withFormats: true);
        if (emptiness.IsEmpty(reader.Root))
        {
            throw emptiness.Explain(reader.Root);
        }

        Rule rule = new SchemaWriter(_terminals).Write(reader.Root);
        reader.CheckOverlaps();
        return rule;
    }

    private void AddText(TextPart text, Place start, Place end)
    {
        string[] spelled = [.. text.Before.Where(b => SpecialOf(b) is null)];
        if (!text.Until)
        {
            start.Skip(end);
            start.Add(TextTerminals.Without(spelled, text.NotFirst, trie.Typeable), end);
            return;
        }

        if (spelled.Length > 0)
        {
            start.Add(TextTerminals.Until(spelled, text.NotFirst, trie.Typeable), end);
        }

        if (spelled.Length < text.Before.Count)
        {
            Place token = new();
            start.Skip(token);
            start.Add(TextTerminals.Without(spelled, text.NotFirst, trie.Typeable), token);
            foreach (int id in text.Before.Select(SpecialOf).OfType<int>())
            {
                token.Add(new TokenTerminal(id), end);
            }
        }
    }

    private Terminal LiteralOf(string text) => SpecialOf(text) is { } id ? new TokenTerminal(id) : _terminals.Regex(Automata.RegexNode.Text(text));

    // A token that is no text can be written in no other way, and only where it is asked for.
    private int? SpecialOf(string text) => trie.Tokenizer.IdOf(text) is { } id && trie.Tokenizer.IsSpecial(id) ? id : null;
}
