using Spectre.Console;
using SkPeft.Plugins;

namespace SkPeft.Host.Output;

/// <summary>Plugins as a table.</summary>
internal static class PluginTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<PluginInfo> plugins)
    {
        if (plugins.Count == 0)
        {
            console.WriteLine($"No plugins in {Models.PluginFolder.Path}.");
            return;
        }

        Table table = Tables.Of("plugin", "version", "generation", "status", "methods", "sha256");
        foreach (PluginInfo plugin in plugins)
        {
            Tables.Row(table, plugin.Name, plugin.Version ?? "", $"{plugin.Generation}", plugin.Status.ToString().ToLowerInvariant(),
                plugin.Reason ?? string.Join(", ", plugin.Methods.Select(m => m.PeftType)), plugin.Sha256?[..12] ?? "");
        }

        console.Write(table);
    }
}
