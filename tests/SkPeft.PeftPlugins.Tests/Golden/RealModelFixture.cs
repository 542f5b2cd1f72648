using SkPeft.Engine;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>SmolLM2, opened when the first test asks for it.</summary>
public sealed class RealModelFixture : IDisposable
{
    private readonly Lazy<LanguageModel> _model = new(() => LanguageModel.Open(
        SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"), new LanguageModelOptions { Precision = Precision.Exact }));

    public LanguageModel Model => _model.Value;

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }
}
