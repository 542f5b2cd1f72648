using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>An adapter on a base against a model into which the same change was worked by hand, on every runner.</summary>
internal static class SameFunction
{
    private static readonly int[] s_text = [7, 2, 2, 15, 0, 9];

    /// <summary>Requires the logits of <paramref name="expected"/> from <paramref name="model"/> under the adapter, and that they are not the base's.</summary>
    public static async Task ShouldServe(this IPeftMethod method, AdapterPackage package, ReferenceLlama model, ReferenceLlama expected)
    {
        Tensor logits = expected.Logits(s_text, 3, []);
        foreach (IModelRunner runner in (IModelRunner[])[new ReferenceRunner(model), new EngineRunner(model)])
        {
            using (runner)
            {
                IReadOnlyList<Effect> effects = method.Load(package, runner.Base.Shape).BuildEffects(runner.Base);
                Tensor served = await runner.LogitsAsync(s_text, 3, effects);
                served.ShouldBeLogits(logits);
                (await runner.LogitsAsync(s_text, 3, [])).ShouldNotBeLogits(served);
            }
        }
    }
}
