using System.Reflection;
using System.Runtime.Loader;

namespace SkPeft.Plugins;

/// <summary>
/// The assemblies that plugin and host have in common. A type's identity includes the assembly instance that it was loaded from: an
/// <c>IPeftMethod</c> from a copy in the plugin's folder would not be the host's. So the contract, the tensors and the framework always come from the host.
/// </summary>
internal static class SharedAssemblies
{
    public const string Contract = "SkPeft.Abstractions";
    public const string Tensors = "SkPeft.Tensors";

    private static readonly HashSet<string> s_framework = NamesWhere(inApplicationFolder: false);
    private static readonly HashSet<string> s_application = NamesWhere(inApplicationFolder: true);

    /// <summary>The context that the host's own copy of the contract lives in; the default one, unless the host is itself hosted.</summary>
    public static AssemblyLoadContext HostContext { get; } =
        AssemblyLoadContext.GetLoadContext(typeof(IPeftMethod).Assembly) ?? AssemblyLoadContext.Default;

    /// <summary>True for the assemblies of ours that a plugin may reference.</summary>
    public static bool IsContract(string name) =>
        string.Equals(name, Contract, StringComparison.OrdinalIgnoreCase) || string.Equals(name, Tensors, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for assemblies of the shared framework that this process runs on.</summary>
    public static bool IsFramework(string name) => s_framework.Contains(name);

    /// <summary>True for third-party assemblies that the host's own folder happens to hold: a plugin without a copy of its own gets these.</summary>
    public static bool IsInApplication(string name) => s_application.Contains(name);

    /// <summary>True for assemblies of the product that are none of a plugin's business.</summary>
    public static bool IsHostOnly(string name) =>
        !IsContract(name)
        && (string.Equals(name, "skpeft", StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith("SkPeft.", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("SkPeft.Peft.", StringComparison.OrdinalIgnoreCase)));

    public static Assembly LoadFromHost(AssemblyName name) => HostContext.LoadFromAssemblyName(name);

    // The runtime's own list of assemblies holds the framework's and the application's; the latter lie in the application's folder.
    private static HashSet<string> NamesWhere(bool inApplicationFolder)
    {
        string application = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string listed = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => string.Equals(Path.GetDirectoryName(path), application, StringComparison.OrdinalIgnoreCase) == inApplicationFolder)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
