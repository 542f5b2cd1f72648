using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Models;

/// <summary>Lists what there is to ask.</summary>
internal sealed class ModelCards(ServedRuntime served)
{
    private readonly IAdapterStore _store = served.Runtime.Store;

    /// <summary>The base where it may be asked, the skills, and every version and alias of the store.</summary>
    public IEnumerable<ModelCard> All()
    {
        if (served.Runtime.Skills.AllowBase)
        {
            yield return Base(served.Names.Base);
        }

        foreach (SkillDefinition skill in served.Runtime.Skills.Skills)
        {
            yield return Skill(skill);
        }

        foreach (AdapterListing listing in _store.List())
        {
            yield return Module(listing.Version.Reference, listing.Version, "version");
            foreach (string alias in listing.Aliases)
            {
                yield return Module($"{listing.Version.Name}@{alias}", listing.Version, "alias");
            }
        }
    }

    /// <summary>What a request with this <c>model</c> would be answered by.</summary>
    public ModelCard Of(ServedModel model)
    {
        if (model.Adapter is null)
        {
            return Skill(model.Skill!);
        }

        if (model.Adapter == SkillRouter.Base)
        {
            return Base(model.Requested);
        }

        IReadOnlyList<AdapterVersion> versions = served.VersionsOf(model.Adapter);
        return ComposedReference.Parse(model.Adapter).IsSingle
            ? Module(model.Requested, versions[0], model.Requested == versions[0].Reference ? "version" : "alias")
            : Card(model.Requested, versions.Max(v => v.Added), Names(versions), served.Names.Base, new ModelDetails("composition", null, Methods(versions), []));
    }

    private ModelCard Base(string id) => Card(id, served.Opened, served.Names.Base, null, new ModelDetails("base", null, null, []));

    private ModelCard Module(string id, AdapterVersion version, string kind) =>
        Card(id, version.Added, version.Reference, served.Names.Base, new ModelDetails(kind, version.Digest, version.PeftType, []));

    private ModelCard Skill(SkillDefinition skill)
    {
        IReadOnlyList<AdapterVersion> versions = Resolve(skill.Adapter);
        string? root = versions.Count > 0 ? Names(versions) : skill.Adapter == SkillRouter.Base ? served.Names.Base : null;
        return Card(skill.Name, versions.Count > 0 ? versions.Max(v => v.Added) : served.Opened, root, served.Names.Base, new ModelDetails(
            "skill", versions is [AdapterVersion only] ? only.Digest : null, versions.Count > 0 ? Methods(versions) : null, [.. skill.Labels.Select(l => l.Name)]));
    }

    // A skill whose module was taken away is still listed; its root says that nothing answers.
    private IReadOnlyList<AdapterVersion> Resolve(string adapter)
    {
        try
        {
            return adapter == SkillRouter.Base ? [] : served.VersionsOf(adapter);
        }
        catch (AdapterNotFoundException)
        {
            return [];
        }
    }

    private static string Names(IReadOnlyList<AdapterVersion> versions) => string.Join(ComposedReference.PartMark, versions.Select(v => v.Reference));

    private static string Methods(IReadOnlyList<AdapterVersion> versions) => string.Join(ComposedReference.PartMark, versions.Select(v => v.PeftType));

    private ModelCard Card(string id, DateTimeOffset created, string? root, string? parent, ModelDetails details) =>
        new(id, "model", created.ToUnixTimeSeconds(), "skpeft", root, parent, served.Runtime.Model.Engine.ContextLength, details);
}
