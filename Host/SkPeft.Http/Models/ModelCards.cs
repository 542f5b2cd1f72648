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

        AdapterVersion version = _store.Resolve($"{ServedReference.Parse(model.Adapter).Stored}");
        return Module(model.Requested, version, model.Requested == version.Reference ? "version" : "alias");
    }

    private ModelCard Base(string id) => Card(id, served.Opened, served.Names.Base, null, new ModelDetails("base", null, null, []));

    private ModelCard Module(string id, AdapterVersion version, string kind) =>
        Card(id, version.Added, version.Reference, served.Names.Base, new ModelDetails(kind, version.Digest, version.PeftType, []));

    private ModelCard Skill(SkillDefinition skill)
    {
        AdapterVersion? version = Resolve(skill.Adapter);
        string? root = version?.Reference ?? (skill.Adapter == SkillRouter.Base ? served.Names.Base : null);
        return Card(skill.Name, version?.Added ?? served.Opened, root, served.Names.Base,
            new ModelDetails("skill", version?.Digest, version?.PeftType, [.. skill.Labels.Select(l => l.Name)]));
    }

    // A skill whose module was taken away is still listed; its root says that nothing answers.
    private AdapterVersion? Resolve(string adapter)
    {
        try
        {
            return adapter == SkillRouter.Base ? null : _store.Resolve($"{ServedReference.Parse(adapter).Stored}");
        }
        catch (AdapterNotFoundException)
        {
            return null;
        }
    }

    private ModelCard Card(string id, DateTimeOffset created, string? root, string? parent, ModelDetails details) =>
        new(id, "model", created.ToUnixTimeSeconds(), "skpeft", root, parent, served.Runtime.Model.Engine.ContextLength, details);
}
