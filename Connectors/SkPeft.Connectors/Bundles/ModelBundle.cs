using SkPeft.Connectors.Hosting;

namespace SkPeft.Connectors.Bundles;

/// <summary>A folder with a model, adapters that were trained on it, and <c>skills.json</c>, which says how each is asked.</summary>
/// <remarks>The folder is read only; its adapters are served from a store (<see cref="AddTo"/>, <see cref="Unpack"/>).</remarks>
public sealed class ModelBundle
{
    /// <summary>The file that describes the folder.</summary>
    public const string FileName = "skills.json";

    /// <summary>The alias under which a store serves the adapters.</summary>
    public const string Alias = "prod";

    private ModelBundle(string folder, string model, IReadOnlyList<BundledSkill> skills) => (Folder, Model, Skills) = (folder, model, skills);

    /// <summary>Where the model of this repository lies: beside a program that imports <c>eng/DeployModel.targets</c>.</summary>
    public static string ShippedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "models", "skpeft-tiny");

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>The model's file, as a full path.</summary>
    public string Model { get; }

    /// <summary>The skills, in the order of the file.</summary>
    public IReadOnlyList<BundledSkill> Skills { get; }

    /// <summary>Opens a folder: reads its <c>skills.json</c>, and looks for what that names.</summary>
    /// <exception cref="FileAccessException">The file, or the model or an adapter that it names, is not there.</exception>
    /// <exception cref="FileFormatException">The file is no JSON.</exception>
    /// <exception cref="ConfigurationException">A skill cannot be served; all problems together, by key.</exception>
    public static ModelBundle Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Open(folder, $"Name a folder with {FileName}, a model and its adapters.");
    }

    /// <summary>Opens the model of this repository.</summary>
    /// <exception cref="FileAccessException">It is not beside this program.</exception>
    public static ModelBundle OpenShipped() => Open(
        ShippedFolder, "models/skpeft-tiny/recipe/make.sh makes this repository's model; build again then, or name a model of your own.");

    /// <summary>Adds the adapters to a store. Each is promoted to <see cref="Alias"/>, unless the store serves another version of that name already.</summary>
    /// <returns>The versions that have the content, in the order of <see cref="Skills"/>.</returns>
    public IReadOnlyList<AdapterVersion> AddTo(IAdapterStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        HashSet<string> served = [.. store.List().Where(l => l.Aliases.Contains(Alias)).Select(l => l.Version.Name)];
        List<AdapterVersion> versions = [];
        foreach (BundledSkill skill in Skills)
        {
            AdapterVersion version = store.Add(skill.Definition.Name, skill.Adapter).Version;
            versions.Add(version);
            if (!served.Contains(version.Name))
            {
                store.Promote(version.Reference, Alias);
            }
        }

        return versions;
    }

    /// <summary>Adds the adapters to a temporary store.</summary>
    public UnpackedBundle Unpack() => new(this);

    /// <summary>Settings that serve the skills from a store that has the adapters.</summary>
    public SkPeftSettings SettingsFor(string store) => new() { Model = Model, Store = store, Skills = [.. Skills.Select(s => s.Definition)] };

    private static ModelBundle Open(string folder, string hint)
    {
        string root = Path.GetFullPath(folder);
        (string model, IReadOnlyList<BundledSkill> skills) = BundleReader.Read(Path.Combine(root, FileName), hint);
        if (!Path.Exists(model))
        {
            throw new FileAccessException(model, $"this model is not there, and {FileName} names it", hint);
        }

        if (skills.FirstOrDefault(s => !Directory.Exists(s.Adapter)) is { } missing)
        {
            throw new FileAccessException(missing.Adapter, $"this adapter folder is not there, and skill '{missing.Definition.Name}' of {FileName} names it", hint);
        }

        return new ModelBundle(root, model, skills);
    }
}
