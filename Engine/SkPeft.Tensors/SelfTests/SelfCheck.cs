using System.Globalization;
using System.Text.Json;

namespace SkPeft.Tensors.SelfTests;

/// <summary>What the self-tests of methods have in common: a hand-made adapter, and a comparison with numbers computed by hand.</summary>
public static class SelfCheck
{
    /// <summary>Puts an adapter together.</summary>
    /// <param name="config">The configuration, as JSON.</param>
    /// <param name="tensors">The tensors by name.</param>
    public static AdapterPackage Adapter(string config, params (string Name, Tensor Tensor)[] tensors)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        return new AdapterPackage("self-test", document.RootElement.Clone(), tensors.ToDictionary(t => t.Name, t => t.Tensor, StringComparer.Ordinal));
    }

    /// <summary>Demands that a tensor has the values.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="expected">What it should be, within 1e-5 of the larger of the value and 1.</param>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public static void Equal(string what, Tensor actual, params ReadOnlySpan<float> expected)
    {
        bool equal = actual.Length == expected.Length;
        for (int i = 0; equal && i < expected.Length; i++)
        {
            equal = MathF.Abs(actual.Data[i] - expected[i]) <= 1e-5f * MathF.Max(1f, MathF.Abs(expected[i]));
        }

        if (!equal)
        {
            throw new InvalidOperationException($"Self-test: {what} is {Text(actual.Data)}, expected {Text(expected)}.");
        }
    }

    /// <summary>Demands that a condition holds.</summary>
    /// <param name="what">What should be the case, for the message.</param>
    /// <param name="holds">Whether it is.</param>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static void That(string what, bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Self-test: expected: {what}.");
        }
    }

    private static string Text(ReadOnlySpan<float> values) =>
        $"[{string.Join(", ", values.ToArray().Take(8).Select(v => v.ToString(CultureInfo.InvariantCulture)))}]";
}
