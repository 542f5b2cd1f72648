using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>A tiny model with a tokenizer, a LoRA for it, and a folder for whatever a test writes.</summary>
public sealed class TinyModelFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyModelFixture()
    {
        Model = _folder.PathOf("model");
        Lora = _folder.PathOf("lora");
        TinyLlama.Write(Model);
        TinyLlama.WriteLora(Lora, seed: 3);
    }

    public string Model { get; }

    public string Lora { get; }

    /// <summary>A path of its own, with nothing there.</summary>
    public string New(string name) => _folder.PathOf($"{Guid.NewGuid():N}-{name}");

    public string Write(string name, string content)
    {
        string path = New(name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
