using Spectre.Console;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Host.Receipts;

/// <summary>A receipt in words.</summary>
internal static class ReceiptLines
{
    public static void Write(IAnsiConsole console, Receipt receipt)
    {
        string plugin = receipt.Plugin is { } p ? $", plugin {p.Name} {p.Version} ({p.Sha256[..12]})" : "";
        string what = receipt.Method is { } method ? $"{method}, {receipt.Modules.Count} modules, digest {receipt.Digest?[..12]}{plugin}" : "the bare model";
        console.WriteLine($"answered by {receipt.Reference}: {what}; {receipt.Route}");
        if (receipt.Probabilities is { } probabilities)
        {
            console.WriteLine(string.Join(", ", probabilities.Select(p => $"{p.Key} {p.Value:P1}")));
        }

        foreach (string warning in receipt.Warnings)
        {
            console.WriteLine($"warning: {warning}", new Style(Color.Yellow));
        }
    }
}
