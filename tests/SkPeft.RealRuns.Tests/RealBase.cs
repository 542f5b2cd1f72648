using SkPeft.Engine;
using SkPeft.Plugins;
using SkPeft.Testing;

namespace SkPeft.RealRuns.Tests;

/// <summary>The real model and the plugins that are shipped, opened once for all runs.</summary>
public sealed class RealBase : IDisposable
{
    private readonly Lazy<LanguageModel> _model = new(() =>
        LanguageModel.Open(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"), new LanguageModelOptions { Threads = 1 }));

    /// <summary>The model; skips the calling test where <c>../shared</c> is absent.</summary>
    public LanguageModel Model => _model.Value;

    /// <summary>The methods, loaded as the tool loads them.</summary>
    public IPeftMethodCatalog Methods { get; } =
        PluginCatalog.Open(new PluginOptions { Folders = [Path.Combine(AppContext.BaseDirectory, "plugins")] });

    public void Dispose()
    {
        ((IDisposable)Methods).Dispose();
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }
}
