using System.Globalization;

namespace SkPeft;

/// <summary>
/// A reference to a stored adapter, parsed: <c>name</c>, <c>name@3</c>, <c>name@alias</c> or <c>name@latest</c>.
/// A bare <c>name</c> means the alias <c>prod</c> where the adapter has one, else its newest version.
/// </summary>
/// <remarks>
/// Names: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, the first a letter or digit; case matters. Aliases likewise, but not digits alone
/// (those are versions) and not <c>latest</c> (always the newest version).
/// </remarks>
public sealed record AdapterReference
{
    /// <summary>The alias that a bare name follows where it exists.</summary>
    public const string DefaultAlias = "prod";

    /// <summary>The word that always means the newest version.</summary>
    public const string Latest = "latest";

    private const string Legal = "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit";

    private AdapterReference(string name, int? number, string? alias) => (Name, Number, Alias) = (name, number, alias);

    /// <summary>The adapter's name.</summary>
    public string Name { get; }

    /// <summary>The version asked for, where the reference names one by number.</summary>
    public int? Number { get; }

    /// <summary>The alias asked for (or <c>latest</c>), where the reference names one.</summary>
    public string? Alias { get; }

    /// <summary>Reads a reference.</summary>
    /// <exception cref="StoreException">It is not a legal reference; the message says which part and what is legal.</exception>
    public static AdapterReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return new AdapterReference(CheckName(text), null, null);
        }

        string name = CheckName(text[..at], text);
        string selector = text[(at + 1)..];
        if (selector.Length > 0 && selector.All(char.IsAsciiDigit))
        {
            return int.TryParse(selector, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                ? new AdapterReference(name, number, null)
                : throw new StoreException($"'{text}' is not a reference: version '{selector}' is not from 1 to {int.MaxValue}. Versions count from 1.");
        }

        return IsLegal(selector)
            ? new AdapterReference(name, null, selector)
            : throw new StoreException(
                $"'{text}' is not a reference: after '@' stands '{selector}', expected a version number, '{Latest}', or an alias ({Legal}).");
    }

    /// <summary>Returns <paramref name="name"/> if it may name an adapter.</summary>
    /// <exception cref="StoreException">It may not.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return CheckName(name, name);
    }

    /// <summary>Returns <paramref name="alias"/> if it may be used as an alias.</summary>
    /// <exception cref="StoreException">It may not: it is malformed, digits alone, or the reserved word <c>latest</c>.</exception>
    public static string CheckAlias(string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        if (!IsLegal(alias))
        {
            throw new StoreException($"'{alias}' cannot be an alias: expected {Legal}. For instance '{DefaultAlias}' or 'staging'.");
        }

        return alias.All(char.IsAsciiDigit)
            ? throw new StoreException($"'{alias}' cannot be an alias: digits alone are version numbers. For instance 'v{alias}' would do.")
            : alias == Latest
            ? throw new StoreException($"'{Latest}' cannot be an alias: it always means the newest version. For instance '{DefaultAlias}' would do.")
            : alias;
    }

    /// <summary>The reference as text.</summary>
    public override string ToString() =>
        Number is { } number ? $"{Name}@{number.ToString(CultureInfo.InvariantCulture)}" : Alias is null ? Name : $"{Name}@{Alias}";

    private static string CheckName(string name, string whole) =>
        IsLegal(name)
            ? name
            : throw new StoreException(
                $"'{whole}' does not name an adapter: the name '{name}' is not legal, expected {Legal}. For instance 'sentiment' or 'sentiment@3'.");

    private static bool IsLegal(string word) =>
        word.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(word[0]) && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
