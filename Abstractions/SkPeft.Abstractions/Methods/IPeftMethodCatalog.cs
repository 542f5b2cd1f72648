namespace SkPeft;

/// <summary>The methods that loaded plugins offer.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IPeftMethodCatalog
{
    /// <summary>Takes the newest loaded version of a method, and pins its plugin until the lease is disposed.</summary>
    /// <exception cref="MethodNotFoundException">No loaded plugin reads this type.</exception>
    IPeftMethodLease Acquire(string peftType);

    /// <summary>The identity (<see cref="PluginIdentity"/>) that <see cref="Acquire"/> would give now, or null.</summary>
    PluginIdentity? Current(string peftType);
}

/// <summary>A method that cannot be unloaded while the lease lives.</summary>
public interface IPeftMethodLease : IDisposable
{
    /// <summary>The method. Not to be kept beyond the lease.</summary>
    IPeftMethod Method { get; }

    /// <summary>The plugin it comes from.</summary>
    PluginIdentity Plugin { get; }
}

/// <summary>Which plugin file a method came from.</summary>
/// <param name="Name">The assembly's name.</param>
/// <param name="Version">The assembly's version.</param>
/// <param name="Sha256">The digest of the plugin's main file, in lower-case hexadecimal.</param>
/// <param name="Generation">Counts loads in this process: a reload of the same file is another generation.</param>
public sealed record PluginIdentity(string Name, string Version, string Sha256, int Generation);
