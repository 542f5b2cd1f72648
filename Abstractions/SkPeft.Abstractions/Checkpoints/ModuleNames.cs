namespace SkPeft;

/// <summary>
/// The names that an adapter's file uses, brought to one form: <c>base_model.model.</c> in front, no adapter name inside
/// (<c>lora_A.default.weight</c>), no <c>.weight</c> behind bare parameters that older files have it on. What belongs to no module but to
/// the whole adapter (<c>base_model.vera_A</c>) keeps its name.
/// </summary>
public sealed class ModuleNames
{
    private const string AdapterPrefix = "base_model.";
    private const string AdapterInfix = ".default";
    private const string SavedInfix = ".modules_to_save";
    private const string Magnitude = "lora_magnitude_vector";

    private static readonly string[] s_backboneParts = ["layers.", "embed_tokens.", "norm."];

    private ModuleNames(AdapterPackage package, bool backboneOnly)
    {
        Package = package;
        BackboneOnly = backboneOnly;
    }

    /// <summary>The adapter with its tensors under canonical names.</summary>
    public AdapterPackage Package { get; }

    /// <summary>Whether the adapter was trained on the bare backbone, whose modules have no <c>model.</c> in front.</summary>
    public bool BackboneOnly { get; }

    /// <summary>Brings an adapter's names to the canonical form.</summary>
    /// <param name="package">The adapter as read.</param>
    /// <exception cref="AdapterShapeException">Two tensors have the same canonical name.</exception>
    public static ModuleNames Of(AdapterPackage package)
    {
        List<string> ofModules = [.. package.Tensors.Keys.Where(k => !IsOfTheAdapter(k))];
        bool backbone = ofModules.Count > 0 && ofModules.All(k => s_backboneParts.Any(p => Strip(k).StartsWith(p, StringComparison.Ordinal)));
        Dictionary<string, Tensor> renamed = new(package.Tensors.Count, StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in package.Tensors)
        {
            string canonical = IsOfTheAdapter(name)
                ? WithoutInfix(name)
                : AdapterTensors.Prefix + (backbone ? ModuleTree.Backbone : "") + WithoutInfix(Strip(name));
            if (!renamed.TryAdd(canonical, tensor))
            {
                throw new AdapterShapeException(package.Name, canonical, "in the file twice, under two spellings", "one tensor",
                    "Remove one of the two; which was trained cannot be known.");
            }
        }

        return new ModuleNames(new AdapterPackage(package.Name, package.Config, renamed), backbone);
    }

    /// <summary>The names of a file that has a format of our own: nothing is changed.</summary>
    /// <param name="package">The adapter as read.</param>
    public static ModuleNames AsTheyAre(AdapterPackage package) => new(package, backboneOnly: false);

    /// <summary>The name under which the trained model knew a module, or null where it had no such module.</summary>
    /// <param name="module">The module's full name.</param>
    public string? Seen(string module) =>
        !BackboneOnly ? module
        : module.StartsWith(ModuleTree.Backbone, StringComparison.Ordinal) ? module[ModuleTree.Backbone.Length..]
        : null;

    private static bool IsOfTheAdapter(string name) =>
        name.StartsWith(AdapterPrefix, StringComparison.Ordinal) && !name.StartsWith(AdapterTensors.Prefix, StringComparison.Ordinal);

    private static string Strip(string name) =>
        name.StartsWith(AdapterTensors.Prefix, StringComparison.Ordinal) ? name[AdapterTensors.Prefix.Length..] : name;

    private static string WithoutInfix(string name)
    {
        int last = name.LastIndexOf('.');
        string stem = last < 0 ? name : name[..last];
        string leaf = last < 0 ? "" : name[last..];
        if (leaf == AdapterInfix)
        {
            return stem;
        }

        if (stem.EndsWith(AdapterInfix, StringComparison.Ordinal))
        {
            stem = stem[..^AdapterInfix.Length];
        }

        if (stem.EndsWith(SavedInfix, StringComparison.Ordinal))
        {
            stem = stem[..^SavedInfix.Length];
        }

        return leaf == ".weight" && stem.EndsWith(Magnitude, StringComparison.Ordinal) ? stem : stem + leaf;
    }
}
