using System.CommandLine;
using System.Text.Json;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Plugins;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft plugins</c>: what the plugin folder offers.</summary>
internal static class PluginsCommand
{
    public static Command Create(ToolConsole console)
    {
        Option<bool> json = Options.Json();
        Command list = new("list", "List the plugins beside the executable, and the methods they bring.") { json };
        list.SetAction((result, _) =>
        {
            using PluginCatalog catalog = PluginFolder.Open();
            IReadOnlyList<PluginInfo> plugins = catalog.List();
            if (result.GetValue(json))
            {
                console.WriteJson(writer => Write(writer, plugins));
            }
            else
            {
                PluginTable.Write(console.People, plugins);
            }

            return Task.FromResult(0);
        });
        return new Command("plugins", "Look at the plugins.") { list };
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<PluginInfo> plugins)
    {
        json.WriteStartArray();
        foreach (PluginInfo plugin in plugins)
        {
            json.WriteStartObject();
            json.WriteString("name", plugin.Name);
            json.WriteString("status", plugin.Status.ToString().ToLowerInvariant());
            json.WriteString("version", plugin.Version);
            json.WriteString("sha256", plugin.Sha256);
            json.WriteString("path", plugin.Path);
            json.WriteString("allow_list", plugin.AllowList.ToString().ToLowerInvariant());
            json.WriteString("reason", plugin.Reason);
            json.WriteStartArray("methods");
            foreach (PluginMethodInfo method in plugin.Methods)
            {
                json.WriteStartObject();
                json.WriteString("peft_type", method.PeftType);
                json.WriteString("description", method.Description);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
