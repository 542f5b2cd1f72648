using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>A version and its row in the index.</summary>
internal sealed record VersionRow(long Id, AdapterVersion Version)
{
    public const string Columns = "id, name, number, digest, peft_type, bytes, added, shapes, tokenizer, weights";

    public static VersionRow Read(SqliteDataReader row) => new(row.GetInt64(0), new AdapterVersion(
        row.GetString(1),
        row.GetInt32(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt64(5),
        DateTimeOffset.Parse(row.GetString(6), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        row.IsDBNull(7) ? null : new ModelFingerprint(row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8), row.GetString(9))));
}
