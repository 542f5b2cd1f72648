using System.Reflection;
using System.Runtime.Loader;

namespace SkPeft.Plugins;

/// <summary>One generation of one plugin: its assembly and its private dependencies, loaded from memory, unloadable together.</summary>
internal sealed class PluginLoadContext(string name, PluginFiles files) : AssemblyLoadContext(name, isCollectible: true)
{
    private readonly PluginFiles _files = files;

    /// <summary>The contexts of this process that have not been collected yet; for tests and diagnostics.</summary>
    public static int LiveCount => All.OfType<PluginLoadContext>().Count();

    public Assembly LoadMain() => LoadBytes(_files.Main, _files.Symbols);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string wanted = assemblyName.Name ?? "";
        if (SharedAssemblies.IsContract(wanted))
        {
            return SharedAssemblies.LoadFromHost(assemblyName);
        }

        if (SharedAssemblies.IsFramework(wanted))
        {
            return null;
        }

        AssemblyFile? own = _files.Assemblies.FirstOrDefault(a => string.Equals(a.SimpleName, wanted, StringComparison.OrdinalIgnoreCase));
        return own is null ? null : LoadBytes(own, null);
    }

    // Native code cannot be loaded from memory and is not unloaded with a context: out of scope, and said so rather than found by chance.
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        throw new DllNotFoundException(
            $"Plugin {Name} asks for the native library '{unmanagedDllName}'; plugins are managed code only, with managed dependencies.");

    private Assembly LoadBytes(AssemblyFile file, byte[]? symbols)
    {
        using MemoryStream code = new(file.Bytes, writable: false);
        using MemoryStream? debug = symbols is null ? null : new MemoryStream(symbols, writable: false);
        return LoadFromStream(code, debug);
    }
}
