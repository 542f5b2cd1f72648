using System.Text.RegularExpressions;

namespace SkPeft.Connectors.Functions;

/// <summary>The function of a framework (Semantic Kernel's plugin functions) that asks.</summary>
/// <param name="Plugin">Its plugin, or null for a function that stands alone.</param>
/// <param name="Name">Its name, or null where nobody gave it one.</param>
internal sealed partial record CallingFunction(string? Plugin, string? Name)
{
    /// <summary>Names a function, unless its name was made up for a prompt without one: such a name says nothing, and is another one each time.</summary>
    public static CallingFunction Of(string? plugin, string? name)
    {
        plugin = string.IsNullOrWhiteSpace(plugin) ? null : plugin;
        bool isMadeUp = string.IsNullOrWhiteSpace(name) || (plugin is null && MadeUp().IsMatch(name));
        return new CallingFunction(plugin, isMadeUp ? null : name);
    }

    // InvokePromptAsync_0123…, InvokePromptStreamingAsync_…, Function_…: a name, and a GUID without dashes.
    [GeneratedRegex("^[A-Za-z]*_[0-9a-fA-F]{32}$", RegexOptions.CultureInvariant)]
    private static partial Regex MadeUp();
}
