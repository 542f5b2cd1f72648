using System.Runtime.CompilerServices;

namespace SkPeft.Plugins;

/// <summary>From files to a running generation, or a refusal.</summary>
internal sealed class PluginLoader(PluginOptions options, AllowList allowList, EventSink events, UnloadProver prover, TimeProvider time)
{
    /// <summary>Compares the plugin's digests with the allow-list.</summary>
    /// <exception cref="PluginRefusal">They are not listed, and the list is enforced.</exception>
    public void RequireAllowed(PluginFiles files, out AllowListVerdict verdict)
    {
        (verdict, string? problem) = allowList.Check(files);
        if (problem is null)
        {
            return;
        }

        if (allowList.Mode == AllowListMode.Enforce)
        {
            throw new PluginRefusal($"{problem}.");
        }

        events.Warn(files.Name, $"Plugin {files.Name} may be loaded (the allow-list only warns), although {problem}.");
    }

    /// <summary>Checks the bytes, loads them into a context of their own, constructs and tests the methods.</summary>
    /// <exception cref="PluginRefusal">Why not; what was begun is already being unloaded.</exception>
    public PluginInstance Load(PluginFiles files, int generation, AllowListVerdict verdict)
    {
        (AssemblyHeader header, IReadOnlyList<string> remarks) = PluginChecks.Check(files);
        foreach (string remark in remarks)
        {
            events.Warn(files.Name, $"Plugin {files.Name}: {remark}.");
        }

        PluginIdentity identity = new(header.Name, header.Version.ToString(), files.Main.Sha256, generation);
        return Activate(files, identity, verdict);
    }

    // Not inlined, so that no stack slot of a long-lived caller keeps the context.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PluginInstance Activate(PluginFiles files, PluginIdentity identity, AllowListVerdict verdict)
    {
        PluginLoadContext context = new($"{identity.Name}#{identity.Generation}", files);
        try
        {
            ActivatedMethods methods = PluginActivator.Activate(context, options.SelfTestTimeout);
            return new PluginInstance(
                identity, PluginFiles.MainPath(files.Folder), verdict, context, methods, events, prover, options.DrainWarning, time);
        }
        catch (PluginRefusal refusal)
        {
            prover.Unload(context, new RetiredPlugin(identity, PluginFiles.MainPath(files.Folder), verdict, [], refusal.Message));
            throw;
        }
    }
}
