namespace SkPeft.Plugins;

/// <summary>Why a plugin is not loaded. Text only: an exception of the plugin's own would keep its code in memory.</summary>
internal sealed class PluginRefusal(string reason) : Exception(reason);
