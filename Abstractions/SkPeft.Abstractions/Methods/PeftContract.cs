namespace SkPeft;

/// <summary>The version of the contract between host and plugins. Raised when a plugin built before must not be loaded any more.</summary>
public static class PeftContract
{
    /// <summary>The version that this host speaks.</summary>
    public const int Version = 1;
}

/// <summary>Marks an assembly as a plugin and says which contract it was built for; read before a type of it is touched.</summary>
/// <param name="version">The version of the contract, as the digits of an integer (attribute arguments in project files are strings).</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PeftPluginAttribute(string version) : Attribute
{
    /// <summary>The version of the contract.</summary>
    public string Version { get; } = version;
}
