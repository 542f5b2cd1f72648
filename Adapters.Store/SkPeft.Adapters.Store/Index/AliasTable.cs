using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>Aliases and the stack of versions that each one named before.</summary>
internal sealed class AliasTable(SqliteConnection connection)
{
    public int? Number(string name, string alias) =>
        (int?)connection.Scalar<long?>("SELECT number FROM aliases WHERE name = $0 AND alias = $1", name, alias);

    public List<AliasState> Of(string name) =>
    [
        .. connection.Rows(row => (Alias: row.GetString(0), Number: row.GetInt32(1)),
            "SELECT alias, number FROM aliases WHERE name = $0 ORDER BY alias", name)
            .Select(a => new AliasState(a.Alias, a.Number, Earlier(name, a.Alias))),
    ];

    public void Promote(string name, string alias, int? from, int to)
    {
        if (from is not { } before)
        {
            connection.Run("INSERT INTO aliases VALUES ($0, $1, $2)", name, alias, to);
            return;
        }

        connection.Run(
            "INSERT INTO history SELECT $0, $1, coalesce(max(depth), 0) + 1, $2 FROM history WHERE name = $0 AND alias = $1", name, alias, before);
        Point(name, alias, to);
    }

    /// <summary>Pops the stack; null where it is empty.</summary>
    public int? Rollback(string name, string alias)
    {
        int? number = (int?)connection.Scalar<long?>(
            """
            DELETE FROM history WHERE name = $0 AND alias = $1
            AND depth = (SELECT max(depth) FROM history WHERE name = $0 AND alias = $1) RETURNING number
            """, name, alias);
        if (number is { } to)
        {
            Point(name, alias, to);
        }

        return number;
    }

    /// <summary>
    /// Takes a version that no alias names out of all stacks. Neighbours that become equal count once: a rollback always goes somewhere.
    /// </summary>
    public void Forget(string name, int number)
    {
        connection.Run("DELETE FROM history WHERE name = $0 AND number = $1", name, number);
        foreach (AliasState state in Of(name))
        {
            int above = state.Number;
            var kept = new List<int>();
            foreach (int earlier in state.Earlier.Where(e => e != number))
            {
                if (earlier != above)
                {
                    kept.Add(earlier);
                }

                above = earlier;
            }

            if (kept.Count != state.Earlier.Count)
            {
                connection.Run("DELETE FROM history WHERE name = $0 AND alias = $1", name, state.Alias);
                for (int i = 0; i < kept.Count; i++)
                {
                    connection.Run("INSERT INTO history VALUES ($0, $1, $2, $3)", name, state.Alias, kept.Count - i, kept[i]);
                }
            }
        }
    }

    private void Point(string name, string alias, int to) =>
        connection.Run("UPDATE aliases SET number = $2 WHERE name = $0 AND alias = $1", name, alias, to);

    private List<int> Earlier(string name, string alias) => connection.Rows(row => row.GetInt32(0),
        "SELECT number FROM history WHERE name = $0 AND alias = $1 ORDER BY depth DESC", name, alias);
}
