using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>The little of ADO.NET that the index needs. Parameters are <c>$0</c>, <c>$1</c> …</summary>
internal static class Sql
{
    public static int Run(this SqliteConnection connection, string text, params object?[] values)
    {
        using SqliteCommand command = Command(connection, text, values);
        return command.ExecuteNonQuery();
    }

    public static T? Scalar<T>(this SqliteConnection connection, string text, params object?[] values)
    {
        using SqliteCommand command = Command(connection, text, values);
        return command.ExecuteScalar() is { } value and not DBNull ? (T)value : default;
    }

    public static List<T> Rows<T>(this SqliteConnection connection, Func<SqliteDataReader, T> read, string text, params object?[] values)
    {
        using SqliteCommand command = Command(connection, text, values);
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, object?[] values)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts are constants of this assembly; values travel as parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
