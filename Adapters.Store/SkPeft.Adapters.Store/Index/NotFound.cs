namespace SkPeft.Adapters.Store;

/// <summary>Says what there is instead of what was asked for.</summary>
internal static class NotFound
{
    private const int MostListed = 8;

    public static AdapterNotFoundException InEmptyStore(AdapterReference reference, string store) => new(reference.ToString(),
        $"The store '{store}' is empty; add one with 'skpeft adapters add {reference.Name} FOLDER', or name another store with --store.");

    public static AdapterNotFoundException Of(AdapterReference reference, StoreIndex index, string store)
    {
        List<VersionRow> all = index.Versions();
        int[] numbers = [.. all.Where(v => v.Version.Name == reference.Name).Select(v => v.Version.Number)];
        if (all.Count == 0)
        {
            return InEmptyStore(reference, store);
        }

        if (numbers.Length == 0)
        {
            return new AdapterNotFoundException(reference.ToString(), Names(reference.Name, [.. all.Select(v => v.Version.Name).Distinct()], store));
        }

        string[] aliases = [.. index.Aliases.Of(reference.Name).Select(a => $"{a.Alias} (version {a.Number})")];
        return new AdapterNotFoundException(reference.ToString(),
            $"'{reference.Name}' has {(numbers.Length == 1 ? "version" : "versions")} {Few(numbers.Select(n => $"{n}").Reverse())} and " +
            $"{(aliases.Length == 0 ? "no aliases" : $"the aliases {Few(aliases)}")}; an alias is made with 'skpeft adapters promote REF ALIAS'.");
    }

    private static string Names(string asked, string[] names, string store)
    {
        string? near = names.MinBy(n => Distance(asked, n));
        string list = $"The store '{store}' has {Few(names)}.";
        return near is not null && Distance(asked, near) <= Math.Max(1, asked.Length / 3) ? $"Did you mean '{near}'? {list}" : list;
    }

    private static string Few(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return string.Join(", ", all.Take(MostListed)) + (all.Length > MostListed ? $" and {all.Length - MostListed} more ('skpeft adapters list')" : "");
    }

    // Levenshtein's, case ignored.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
