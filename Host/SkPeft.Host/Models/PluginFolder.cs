using SkPeft.Plugins;

namespace SkPeft.Host.Models;

/// <summary>The plugins beside the executable.</summary>
internal static class PluginFolder
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "plugins");

    public static PluginCatalog Open(Action<PluginEvent>? events = null) => PluginCatalog.Open(new PluginOptions { Folders = [Path] }, events);
}
