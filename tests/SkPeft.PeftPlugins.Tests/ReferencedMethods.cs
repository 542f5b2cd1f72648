namespace SkPeft.PeftPlugins.Tests;

/// <summary>The methods beside the tests as a catalog: loaded once, never unloaded.</summary>
internal sealed class ReferencedMethods : IPeftMethodCatalog
{
    public IPeftMethodLease Acquire(string peftType) =>
        PluginMethods.Find(peftType) is { } method ? new Lease(method) : throw new MethodNotFoundException(peftType, "These are the methods beside the tests.");

    public PluginIdentity? Current(string peftType) => PluginMethods.Find(peftType) is { } method ? new Lease(method).Plugin : null;

    private sealed record Lease(IPeftMethod Method) : IPeftMethodLease
    {
        public PluginIdentity Plugin => new(Method.GetType().Assembly.GetName().Name!, "0", "", 1);

        public void Dispose()
        {
        }
    }
}
