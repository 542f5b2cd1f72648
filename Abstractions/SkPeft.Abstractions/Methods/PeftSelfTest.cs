using System.Text.Json;

namespace SkPeft;

/// <summary>What a method's self-test needs: an adapter made in memory, and a comparison that says what differs.</summary>
public static class PeftSelfTest
{
    /// <summary>An adapter of the given configuration and tensors, named <c>self-test</c>.</summary>
    /// <param name="config">The text of <c>adapter_config.json</c>.</param>
    /// <param name="tensors">The tensors under the names in the file.</param>
    public static AdapterPackage Package(string config, params (string Name, Tensor Tensor)[] tensors)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        return new AdapterPackage("self-test", document.RootElement.Clone(), tensors.ToDictionary(t => t.Name, t => t.Tensor, StringComparer.Ordinal));
    }

    /// <summary>Requires that a tensor has the expected elements, each within 1e-5 of its size (or of 1).</summary>
    /// <param name="what">What is compared; for the message.</param>
    /// <param name="found">What the method computed.</param>
    /// <param name="expected">The elements, row-major, from a calculation by hand.</param>
    /// <exception cref="InvalidOperationException">The number of elements or one of them differs.</exception>
    public static void Near(string what, Tensor found, params ReadOnlySpan<float> expected)
    {
        if (found.Length != expected.Length)
        {
            throw new InvalidOperationException($"{what} has shape {found.ShapeText}, expected {expected.Length} elements.");
        }

        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that a NaN fails too.
            if (!(MathF.Abs(found.Data[i] - expected[i]) <= 1e-5f * MathF.Max(1, MathF.Abs(expected[i]))))
            {
                throw new InvalidOperationException($"{what}: element {i} is {found.Data[i]}, expected {expected[i]}.");
            }
        }
    }

    /// <summary>Requires a condition.</summary>
    /// <param name="what">What should hold; for the message.</param>
    /// <param name="holds">Whether it does.</param>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public static void That(string what, bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{what} does not hold.");
        }
    }
}
