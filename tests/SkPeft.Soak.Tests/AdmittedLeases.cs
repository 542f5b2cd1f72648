namespace SkPeft.Soak.Tests;

/// <summary>The leases of one request: remembers what it was admitted with. Not the adapter itself, which may be code of a plugin that is to be unloaded.</summary>
/// <param name="leases">The leases.</param>
/// <param name="admitted">Called when there is one.</param>
internal sealed class AdmittedLeases(IAdapterLeases leases, Action admitted) : IAdapterLeases
{
    public AdapterVersion? Version { get; private set; }

    public PluginIdentity? Plugin { get; private set; }

    public async ValueTask<IAdapterLease> LeaseAsync(string reference, CancellationToken cancellationToken = default)
    {
        IAdapterLease lease = await leases.LeaseAsync(reference, cancellationToken);
        (Version, Plugin) = (lease.Version, lease.Adapter.Plugin);
        admitted();
        return lease;
    }
}
