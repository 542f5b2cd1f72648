using Spectre.Console;

namespace SkPeft.Host.Receipts;

/// <summary>A receipt in words.</summary>
internal static class ReceiptLines
{
    public static void Write(IAnsiConsole console, Receipt receipt)
    {
        string name = receipt.Version is { } version ? $"{receipt.Adapter}@{version}" : receipt.Adapter;
        string plugin = receipt.Plugin is { } p ? $", plugin {p.Name} {p.Version} ({p.Sha256[..12]})" : "";
        console.WriteLine($"answered by {name}: {receipt.Method}, {receipt.Modules.Count} modules, digest {receipt.Digest?[..12]}{plugin}; {receipt.Route}");
        foreach (string warning in receipt.Warnings)
        {
            console.WriteLine($"warning: {warning}", new Style(Color.Yellow));
        }
    }
}
