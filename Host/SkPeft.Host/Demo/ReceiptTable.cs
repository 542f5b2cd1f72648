using Spectre.Console;
using SkPeft.Connectors.Receipts;
using SkPeft.Host.Output;

namespace SkPeft.Host.Demo;

/// <summary>Receipts, one a line.</summary>
internal sealed class ReceiptTable
{
    public Table Table { get; } = Tables.Of("#", "skill", "adapter", "method", "modules", "digest", "plugin", "sha256", "generation", "answer");

    public void Add(string answer, Receipt receipt) => Tables.Row(
        Table, $"{Table.Rows.Count + 1}", receipt.Skill ?? "", receipt.Reference, receipt.Method ?? "", $"{receipt.Modules.Count}", receipt.Digest?[..8] ?? "",
        receipt.Plugin?.Name.Replace("SkPeft.Peft.", "", StringComparison.Ordinal) ?? "", receipt.Plugin?.Sha256[..8] ?? "", $"{receipt.Plugin?.Generation}", answer);
}
