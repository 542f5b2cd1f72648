namespace SkPeft.Architecture.Tests;

/// <summary>The direction of references, in one place: who may know whom. A change here is a decision, and belongs into docs/adr.</summary>
internal static class ReferenceRules
{
    private const string Contract = "SkPeft.Abstractions";
    private const string Tensors = "SkPeft.Tensors";
    private const string Engine = "SkPeft.Engine";
    private const string Training = "SkPeft.Training";
    private const string Store = "SkPeft.Adapters.Store";
    private const string Plugins = "SkPeft.Plugins";
    private const string Connectors = "SkPeft.Connectors";
    private const string Http = "SkPeft.Http";
    private const string Kernel = "SkPeft.SemanticKernel";

    private static readonly string[] s_libraries = [Contract, Tensors, Engine, Training, Store, Plugins, Connectors, Http];

    /// <summary>Assembly name of a product project → the projects of ours that it may reference.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        [Contract] = [],
        [Tensors] = [Contract],
        [Engine] = [Contract, Tensors],
        [Training] = [Contract, Tensors, Engine],
        [Store] = [Contract],
        [Plugins] = [Contract],
        // AddSkPeft opens what the configuration names: model, store and plugins.
        [Connectors] = [Contract, Tensors, Engine, Training, Store, Plugins],
        [Http] = [Contract, Tensors, Engine, Store, Plugins, Connectors],
        // The thin layer over a framework: what can be decided without it is decided in the connectors.
        [Kernel] = [Connectors],
        ["SkPeft.Host"] = s_libraries,
    };

    /// <summary>The product's libraries, by assembly name.</summary>
    public static IReadOnlyList<string> Libraries => s_libraries;

    /// <summary>What a project may reference, or null where there is no rule for it.</summary>
    public static IReadOnlyList<string>? AllowedFor(SourceProject project) => project.TopFolder switch
    {
        "PeftPlugins" => [Contract, Tensors],
        // What is made to try the product may use all of its libraries, and its own helpers; of plugins, see MayReferencePlugins.
        "samples" => project.IsOfKernel ? [.. s_libraries, Kernel] : s_libraries,
        "bench" or "tests" => [.. s_libraries, "SkPeft.Host", "SkPeft.Testing", .. project.IsOfKernel ? [Kernel] : Array.Empty<string>()],
        _ => s_allowed.GetValueOrDefault(project.Name),
    };

    /// <summary>True for the one project that compiles the tests of every method.</summary>
    public static bool MayReferencePlugins(SourceProject project) => project.Name == "SkPeft.PeftPlugins.Tests";
}
