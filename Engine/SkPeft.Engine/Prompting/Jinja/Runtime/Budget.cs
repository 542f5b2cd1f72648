using System.Runtime.CompilerServices;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>
/// What one rendering may still spend. Everything that takes time or memory in proportion to a template's wishes is paid for
/// here in steps: a node evaluated is one, as are 64 characters copied or 8 items made.
/// </summary>
internal sealed class Budget(ChatTemplateLimits limits)
{
    private const int CharsPerStep = 64;
    private const int ItemsPerStep = 8;

    private long _steps;
    private long _chars;
    private int _depth;

    /// <summary>Pays for some steps.</summary>
    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps > limits.MaxSteps)
        {
            throw JinjaException.Limit($"the template took more than {limits.MaxSteps} steps; shorten the conversation, or raise MaxSteps");
        }
    }

    /// <summary>Pays for <paramref name="added"/> characters that are put to a text of <paramref name="present"/>.</summary>
    public void Text(int present, long added) => Text(present, added, added);

    private void Text(int present, long added, long cost)
    {
        if (present + added > limits.MaxOutputChars)
        {
            throw JinjaException.Limit(
                $"a text would be {present + added} characters long, more than the {limits.MaxOutputChars} allowed; " +
                "shorten the conversation, or raise MaxOutputChars");
        }

        _chars += cost;
        if (_chars >= CharsPerStep)
        {
            Step(_chars / CharsPerStep);
            _chars %= CharsPerStep;
        }
    }

    /// <summary>Pays for characters that are looked at, not kept.</summary>
    public void Read(long count) => Text(0, 0, count);

    /// <summary>Pays for arithmetic on ints of so many bits together: a product, a quotient or a power takes the square of it.</summary>
    public void Digits(long bits) => Step((bits / 64 * (bits / 64) / 64) + (bits / 512));

    /// <summary>Pays for a list, tuple or dict of <paramref name="count"/> items.</summary>
    public void Items(long count)
    {
        if (count > limits.MaxItems)
        {
            throw JinjaException.Limit($"a list would have {count} items, more than the {limits.MaxItems} allowed; raise MaxItems if it must");
        }

        Step(1 + (count / ItemsPerStep));
    }

    /// <summary>Pays for one more level or node of a nested value, and refuses to run out of stack.</summary>
    public void Nest()
    {
        Step();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>Goes into a macro, a caller or a recursive loop.</summary>
    public void Enter()
    {
        if (++_depth > limits.MaxDepth)
        {
            throw new JinjaException("RecursionError", $"macros and recursive loops are nested more than {limits.MaxDepth} deep");
        }
    }

    /// <summary>Comes out of it.</summary>
    public void Leave() => _depth--;
}
