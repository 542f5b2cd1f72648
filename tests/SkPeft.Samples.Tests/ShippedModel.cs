using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

/// <summary>The model of this repository.</summary>
internal static class ShippedModel
{
    /// <summary>Skips the calling test where it has not been made.</summary>
    public static void Require() =>
        Assert.SkipUnless(Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny"), "*.gguf").Any(),
            "models/skpeft-tiny has no model: models/skpeft-tiny/recipe/make.sh makes it.");
}
