using SkPeft.Adapters.Store;

namespace SkPeft.Connectors.Bundles;

/// <summary>A bundle's adapters in a store of their own, in the temporary files; disposing it deletes the store.</summary>
public sealed class UnpackedBundle : IDisposable
{
    internal UnpackedBundle(ModelBundle bundle)
    {
        Bundle = bundle;
        Store = Directory.CreateTempSubdirectory("skpeft-bundle-").FullName;
        try
        {
            Versions = bundle.AddTo(AdapterStore.Open(Store));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where they come from.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>The store's folder.</summary>
    public string Store { get; }

    /// <summary>What was stored, in the order of the skills.</summary>
    public IReadOnlyList<AdapterVersion> Versions { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Store, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left of a temporary folder is the system's to clean.
        }
    }
}
