using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Conformance;

/// <summary>Damaged configurations: a method may refuse them in its own words, or serve what they still say; nothing else.</summary>
public sealed class MutatedConfigTests
{
    private static readonly Config s_check = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400).WithReplay(20261123, 9);

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_DamagedConfig_ThrowsNothingButItsOwnErrors(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        IPeftMethod method = sample.Method();
        Dictionary<string, Tensor> tensors = sample.RandomTensors();
        int parsed = 0;
        Prop.ForAll(JsonMutations.Of(sample.Config).ToArbitrary(), json =>
        {
            if (Parse(json) is { } config)
            {
                parsed++;
                TryToServe(method, new AdapterPackage("damaged", config, tensors) { Task = sample.Task });
            }
        }).Check(s_check);
        parsed.ShouldBeGreaterThan(100, "the damage should leave JSON behind");
    }

    private static JsonElement? Parse(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void TryToServe(IPeftMethod method, AdapterPackage package)
    {
        try
        {
            _ = method.Load(package, MethodSample.Model.Shape).BuildEffects(MethodSample.Model);
        }
        catch (SkPeftException)
        {
            // Refused in its own words.
        }
    }
}
