using System.Globalization;
using System.Reflection;

namespace SkPeft.Plugins;

/// <summary>All that can be said about a plugin before a type of it is touched.</summary>
internal static class PluginChecks
{
    private const string Rebuild = "Build it against this host's SkPeft.Abstractions";

    /// <summary>Reads and checks the headers of all assemblies.</summary>
    /// <returns>The main assembly's header, and remarks that are no reason to refuse it.</returns>
    /// <exception cref="PluginRefusal">The plugin cannot work in this host.</exception>
    public static (AssemblyHeader Header, IReadOnlyList<string> Remarks) Check(PluginFiles files)
    {
        List<string> remarks = [];
        Dictionary<string, AssemblyHeader?> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (AssemblyFile file in files.Assemblies)
        {
            if (SharedAssemblies.IsContract(file.SimpleName))
            {
                remarks.Add(
                    $"its own copy of {file.FileName} is ignored: plugin and host must share one. " +
                    "Delete it, and reference that project with Private=\"false\"");
                continue;
            }

            headers[file.SimpleName] = AssemblyHeader.Read(file.FileName, file.Bytes);
        }

        AssemblyHeader main = headers.GetValueOrDefault(files.Main.SimpleName)
            ?? throw new PluginRefusal($"{files.Main.FileName} is not a .NET assembly; plugins are managed code.");
        CheckContract(main);
        CheckName(files, main);
        CheckReferences(main, headers);
        return (main, remarks);
    }

    private static void CheckContract(AssemblyHeader main)
    {
        if (main.Contract is null)
        {
            throw new PluginRefusal(
                $"{main.Name} does not carry [assembly: SkPeft.PeftPlugin(\"...\")], so it is no plugin, or one for no version of the contract; " +
                $"this host speaks version {PeftContract.Version}. {Rebuild} and with that attribute.");
        }

        if (!int.TryParse(main.Contract, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            throw new PluginRefusal(
                $"it names '{main.Contract}' as its version of the contract, expected the digits of an integer; " +
                $"this host speaks version {PeftContract.Version}. {Rebuild}.");
        }

        if (version != PeftContract.Version)
        {
            throw new PluginRefusal(
                $"it was built for version {version} of the contract, this host speaks version {PeftContract.Version}. " +
                (version < PeftContract.Version ? $"{Rebuild}." : "Use a newer host, or build the plugin against this host's SkPeft.Abstractions."));
        }
    }

    private static void CheckName(PluginFiles files, AssemblyHeader main)
    {
        if (!string.Equals(main.Name, files.Name, StringComparison.Ordinal))
        {
            throw new PluginRefusal(
                $"the folder {files.Name} and its {files.Main.FileName} hold an assembly named {main.Name}; " +
                $"folder, file and assembly must have one name: {main.Name}/{main.Name}.dll.");
        }
    }

    private static void CheckReferences(AssemblyHeader main, Dictionary<string, AssemblyHeader?> own)
    {
        foreach (AssemblyName reference in main.References)
        {
            string name = reference.Name ?? "";
            if (own.TryGetValue(name, out AssemblyHeader? brought) && brought?.Version < reference.Version)
            {
                throw new PluginRefusal(
                    $"it was built with {name} {reference.Version}, but brings version {brought!.Version}; put the version that it was built with into its folder.");
            }

            if (SharedAssemblies.IsContract(name) || SharedAssemblies.IsFramework(name) || brought is not null)
            {
                continue;
            }

            if (SharedAssemblies.IsHostOnly(name))
            {
                throw new PluginRefusal(
                    $"it references {name}, which belongs to the host; of SkPeft, a plugin may reference " +
                    $"{SharedAssemblies.Contract} and {SharedAssemblies.Tensors} only.");
            }

            if (!SharedAssemblies.IsInApplication(name))
            {
                throw new PluginRefusal(
                    $"it needs {name} {reference.Version}, which is neither in its folder nor part of this runtime; " +
                    $"copy {name}.dll beside it (EnableDynamicLoading in its project does that).");
            }
        }
    }
}
