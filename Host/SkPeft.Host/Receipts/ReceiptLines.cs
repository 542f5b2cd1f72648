using Spectre.Console;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Host.Receipts;

/// <summary>A receipt in words.</summary>
internal static class ReceiptLines
{
    public static void Write(IAnsiConsole console, Receipt receipt)
    {
        string what = receipt.Method is null ? "the bare model"
            : receipt.Plugin is { } plugin ? Part(receipt.Method, receipt.Modules.Count, receipt.Digest!, plugin)
            : string.Join(" + ", receipt.Parts.Select(p => Part(p.Method, p.Modules, p.Digest, p.Plugin)));
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

    private static string Part(string method, int modules, string digest, PluginIdentity plugin) =>
        $"{method}, {modules} modules, digest {digest[..12]}, plugin {plugin.Name} {plugin.Version} ({plugin.Sha256[..12]})";
}
