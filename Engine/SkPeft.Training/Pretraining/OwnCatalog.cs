namespace SkPeft.Training.Pretraining;

/// <summary>The one method that is no plugin.</summary>
internal sealed class OwnCatalog : IPeftMethodCatalog
{
    private static readonly PluginIdentity s_identity = new("SkPeft.Training", "0", "", 1);

    public IPeftMethodLease Acquire(string peftType) => new Lease();

    public PluginIdentity? Current(string peftType) => s_identity;

    private sealed class Lease : IPeftMethodLease
    {
        public IPeftMethod Method { get; } = new FullMethod();

        public PluginIdentity Plugin => s_identity;

        public void Dispose()
        {
        }
    }
}
