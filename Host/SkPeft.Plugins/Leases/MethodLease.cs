namespace SkPeft.Plugins;

/// <summary>Pins a plugin until it is disposed; a second disposal does nothing.</summary>
internal sealed class MethodLease(PluginInstance instance, LeaseRecord record, IPeftMethod method, HandedOut handedOut) : IPeftMethodLease
{
    private readonly LeasedMethod _method = method is ITrainablePeftMethod trainable
        ? new LeasedTrainableMethod(instance.Identity, record, trainable, handedOut)
        : new LeasedMethod(instance.Identity, record, method, handedOut);

    private PluginInstance? _instance = instance;

    public IPeftMethod Method => _instance is null ? throw new ObjectDisposedException(nameof(IPeftMethodLease)) : _method;

    public PluginIdentity Plugin { get; } = instance.Identity;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _instance, null) is { } pinned)
        {
            _method.Detach();
            pinned.Release(record);
        }
    }
}
