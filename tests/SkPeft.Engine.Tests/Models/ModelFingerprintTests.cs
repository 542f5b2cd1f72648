using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

public sealed class ModelFingerprintTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void GgufAndFolder_AgreeOnShapes_AndDifferInWeights(bool tied, bool biases)
    {
        TinyModel tiny = new(tied, biases);
        using TemporaryFolder folder = new();
        using LanguageModel hf = Open(tiny.WriteFolder(folder));
        using LanguageModel gguf = Open(tiny.WriteGguf(folder));
        gguf.Fingerprint.Shapes.ShouldBe(hf.Fingerprint.Shapes);
        gguf.Fingerprint.Weights.ShouldNotBe(hf.Fingerprint.Weights);
        hf.Fingerprint.Tokenizer.ShouldBeNull();
    }

    [Fact]
    public void TheSameFiles_GiveTheSame_AndOneChangedByteAnother()
    {
        TinyModel tiny = new();
        using TemporaryFolder folder = new();
        ModelFingerprint first = Of(tiny.WriteFolder(folder));
        Of(tiny.WriteFolder(folder)).ShouldBe(first);
        string path = folder.PathOf("model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        ModelFingerprint changed = Of(folder.Root);
        changed.Shapes.ShouldBe(first.Shapes);
        changed.Weights.ShouldNotBe(first.Weights);
    }

    [Theory]
    [InlineData("rope_theta", 501.0)]
    [InlineData("rms_norm_eps", 1e-6)]
    public void WhatChangesTheArithmetic_ChangesTheShapes(string key, double value)
    {
        TinyModel tiny = new();
        using TemporaryFolder folder = new();
        ModelFingerprint first = Of(tiny.WriteFolder(folder));
        tiny.Config[key] = value;
        ModelFingerprint changed = Of(tiny.WriteFolder(folder));
        changed.Shapes.ShouldNotBe(first.Shapes);
        changed.Weights.ShouldBe(first.Weights);
    }

    [Fact]
    public void TheLengthOfTheContext_DoesNot()
    {
        TinyModel tiny = new();
        using TemporaryFolder folder = new();
        ModelFingerprint first = Of(tiny.WriteFolder(folder));
        tiny.Config["max_position_embeddings"] = 128;
        Of(tiny.WriteFolder(folder)).ShouldBe(first);
    }

    private static ModelFingerprint Of(string path)
    {
        using LanguageModel model = Open(path);
        return model.Fingerprint;
    }

    private static LanguageModel Open(string path) => LanguageModel.Open(path, new LanguageModelOptions { Threads = 1 });
}
