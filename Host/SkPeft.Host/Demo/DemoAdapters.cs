using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Host.Training;
using SkPeft.Plugins;
using SkPeft.Training;

namespace SkPeft.Host.Demo;

/// <summary>Seeded adapters of any method: as training would start them, with noise in every parameter.</summary>
internal sealed class DemoAdapters(LanguageModel model, PluginCatalog plugins)
{
    // Away from the start, where many methods are the base itself.
    private const double Noise = 0.05;

    /// <param name="method">The method, by any of its names.</param>
    /// <param name="seed">Makes adapters differ.</param>
    /// <param name="folder">Where to.</param>
    public void Write(string method, int seed, string folder)
    {
        JsonElement config = JsonSerializer.SerializeToElement(new { peft_type = MethodNames.Find(method, plugins.List(), "the demo") });
        StartingAdapter.Write(model, plugins, new AdapterPackage(Path.GetFileName(folder), config, new Dictionary<string, Tensor>()), seed, Noise, folder);
    }
}
