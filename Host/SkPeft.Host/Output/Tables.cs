using Spectre.Console;

namespace SkPeft.Host.Output;

/// <summary>Tables of plain text: nothing in a cell is markup.</summary>
internal static class Tables
{
    public static Table Of(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Minimal };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    public static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
