using System.Text;
using System.Text.RegularExpressions;

namespace SkPeft;

/// <summary>
/// A regular expression of a configuration file, which was written for Python's <c>re</c>. Matching is case-sensitive and has a time limit:
/// patterns come from files that strangers made.
/// </summary>
public sealed class PythonPattern
{
    private const int LongestPattern = 10_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(100);

    private readonly string _file;
    private readonly string _field;
    private readonly string _source;
    private readonly Regex _anywhereFromStart;
    private readonly Regex _whole;

    private PythonPattern(string file, string field, string source, string translated)
    {
        (_file, _field, _source) = (file, field, source);
        _anywhereFromStart = new Regex($@"\A(?:{translated})", RegexOptions.CultureInvariant, s_limit);
        _whole = new Regex($@"\A(?:{translated})\z", RegexOptions.CultureInvariant, s_limit);
    }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="file">The file it stands in, for messages.</param>
    /// <param name="field">The key it stands under.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="before">What the reference puts in front of it, as <c>re</c> syntax.</param>
    /// <param name="after">What the reference puts behind it.</param>
    /// <exception cref="FileFormatException">It is not a regular expression, or longer than 10 000 characters.</exception>
    public static PythonPattern Compile(string file, string field, string pattern, string before = "", string after = "")
    {
        if (pattern.Length > LongestPattern)
        {
            throw new FileFormatException(file, field, $"a pattern of {pattern.Length} characters", $"at most {LongestPattern}");
        }

        try
        {
            string translated = Translate(pattern);
            _ = new Regex(translated, RegexOptions.CultureInvariant, s_limit);
            return new PythonPattern(file, field, pattern, before + translated + after);
        }
        catch (ArgumentException error)
        {
            throw new FileFormatException(file, field, Shorten(pattern), $"a regular expression ({error.Message})", error);
        }
    }

    /// <summary>Python's <c>re.fullmatch</c>.</summary>
    /// <exception cref="FileFormatException">Matching takes too long.</exception>
    public bool IsFullMatch(string text) => Run(_whole, text).Success;

    /// <summary>Python's <c>re.match</c>: the start must match, the end need not.</summary>
    /// <exception cref="FileFormatException">Matching takes too long.</exception>
    public Match MatchStart(string text) => Run(_anywhereFromStart, text);

    /// <inheritdoc/>
    public override string ToString() => _source;

    private Match Run(Regex regex, string text)
    {
        try
        {
            return regex.Match(text);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new FileFormatException(_file, _field, Shorten(_source), "a pattern that can be matched in reasonable time", error);
        }
    }

    // What Python writes differently: (?P<n>…), (?P=n), {,n}, and a '[' inside a class, which .NET could take for a subtraction.
    private static string Translate(string pattern)
    {
        StringBuilder result = new(pattern.Length + 8);
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            ReadOnlySpan<char> rest = pattern.AsSpan(i);
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(rest.StartsWith(@"\Z") ? @"\z" : rest[..2]);
                i++;
            }
            else if (inClass)
            {
                inClass = c != ']';
                result.Append(c == '[' ? @"\[" : c);
            }
            else if (rest.StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 3;
            }
            else if (rest.StartsWith("(?P=") && rest.IndexOf(')') is var end and > 0)
            {
                result.Append(@"\k<").Append(rest[4..end]).Append('>');
                i += end;
            }
            else if (rest.StartsWith("{,"))
            {
                result.Append("{0,");
                i++;
            }
            else if (c == '[')
            {
                inClass = true;
                result.Append(c);

                // A ']' that comes first (after '^') is a member of the class.
                for (int taken = 0; i + 1 < pattern.Length && taken < 2 && (pattern[i + 1] == ']' || (taken == 0 && pattern[i + 1] == '^')); taken++)
                {
                    i++;
                    result.Append(pattern[i]);
                    if (pattern[i] == ']')
                    {
                        break;
                    }
                }
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";
}
