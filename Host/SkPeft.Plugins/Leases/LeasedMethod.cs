namespace SkPeft.Plugins;

/// <summary>
/// What a lease hands out in place of the plugin's own object: whoever keeps it beyond the lease keeps nothing of the plugin, modules are remembered
/// (weakly) for the proof of unloading, and exceptions outside of the contract become one that is inside.
/// </summary>
internal class LeasedMethod(PluginIdentity plugin, LeaseRecord record, IPeftMethod inner, HandedOut handedOut) : IPeftMethod
{
    private volatile IPeftMethod? _inner = inner;

    public IReadOnlyList<string> PeftTypes => Call<IReadOnlyList<string>>(m => m.PeftTypes.ToArray(), nameof(PeftTypes));

    public string Description => Call(m => m.Description, nameof(Description));

    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(package);
        record.AddAdapter(package.Name);
        string what = $"loading adapter '{package.Name}'";
        PeftModule module = Call(m => m.Load(package, shape), what) ?? throw Fault(what, "it returned null.", "");
        handedOut.Track(module, $"adapter '{package.Name}'");
        return module;
    }

    /// <summary>Remembers something that the method made for an adapter.</summary>
    protected void Track(object given, string adapter, string what)
    {
        record.AddAdapter(adapter);
        handedOut.Track(given, what);
    }

    public void SelfTest() => Call(
        m =>
        {
            m.SelfTest();
            return true;
        },
        "its self-test");

    public void Detach() => _inner = null;

    protected T Call<T>(Func<IPeftMethod, T> call, string what)
    {
        IPeftMethod method = _inner ?? throw new ObjectDisposedException(nameof(IPeftMethodLease), "The method was used after its lease had been disposed.");
        try
        {
            return call(method);
        }
        catch (Exception e) when (e is not (SkPeftException or OperationCanceledException or OutOfMemoryException))
        {
            throw Fault(what, FaultText.Of(e), e.ToString());
        }
    }

    protected PluginFaultException Fault(string what, string error, string detail) =>
        new($"{plugin.Name} {plugin.Version} (generation {plugin.Generation})", what, error, detail);
}
