using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Routing;

/// <summary>One walk through the rules, and the notes taken on the way.</summary>
internal sealed class RoutePass(SkillMap skills, RouteRequest request)
{
    private readonly List<RouteStep> _steps = [];

    public RouteExplanation Run() => Explicit() ?? Mapped() ?? Refuse(
        "No rule gives this request an adapter, and the base model does not answer in an adapter's place. " +
        $"Name one (AdditionalProperties 'adapter' or 'skill', or ModelId), or make a skill the default. Skills: {Names()}.");

    private RouteExplanation? Explicit()
    {
        if (request.Adapter is { } adapter && request.ModelId is { } model && adapter != model)
        {
            return Refuse($"The request names two adapters: 'adapter' is '{adapter}' and ModelId is '{model}'. Leave one of them out.");
        }

        SkillDefinition? skill = null;
        if (request.Skill is { } named && (skill = skills.Find(named)) is null)
        {
            return Refuse($"There is no skill '{named}'. Skills: {Names()}.");
        }

        SkillDefinition? own = null;
        if (request.ClientSkill is { } bound && (own = skills.Find(bound)) is null)
        {
            return Refuse($"The client was made for skill '{bound}', which there is not. Skills: {Names()}.");
        }

        string? reference = request.Adapter ?? request.ModelId;
        string rule = request.Adapter is not null ? "adapter" : "model id";
        Note("adapter", request.Adapter, request.Adapter is not null);
        Note("model id", request.ModelId, request.ModelId is not null && request.Adapter is null);
        if (reference is not null)
        {
            SkillDefinition? prompt = skill ?? own;
            return Reach(reference, prompt, $"{rule} '{reference}' was asked for" + (prompt is null ? "." : $", with the prompt of skill '{prompt.Name}'."));
        }

        Note("skill", request.Skill, skill is not null);
        if (skill is not null)
        {
            return Reach(skill.Adapter, skill, $"skill '{skill.Name}' was asked for.");
        }

        Note("client", request.ClientAdapter ?? request.ClientSkill, own is not null || request.ClientAdapter is not null);
        if (request.ClientAdapter is { } made)
        {
            return Reach(made, own, $"the client was made for adapter '{made}'" + (own is null ? "." : $", with the prompt of skill '{own.Name}'."));
        }

        return own is null ? null : Reach(own.Adapter, own, $"the client was made for skill '{own.Name}'.");
    }

    private RouteExplanation? Mapped() => ByFunction() ?? ByPlugin() ?? ByTag() ?? ByDefault();

    private RouteExplanation? ByFunction()
    {
        if (request.Function is not { } function)
        {
            Note("function", null, false);
            return null;
        }

        string bare = BareFunction(function);
        string full = Plugin is { } plugin ? $"{plugin}.{bare}" : bare;
        return Claimed("function", full, skills.ByFunction(full) ?? skills.ByFunction(bare));
    }

    private RouteExplanation? ByPlugin()
    {
        if (Plugin is not { } plugin)
        {
            Note("plugin", null, false);
            return null;
        }

        return Claimed("plugin", plugin, skills.ByPlugin(plugin));
    }

    private RouteExplanation? ByTag()
    {
        if (request.Tags.Count == 0)
        {
            Note("tag", null, false);
            return null;
        }

        (string Tag, SkillMap.Claim Claim)[] hits = [.. request.Tags.Select(t => (t, skills.ByTag(t))).Where(h => h.Item2 is not null).Select(h => (h.t, h.Item2!))];
        if (hits.DistinctBy(h => h.Claim.Skill.Name).Count() > 1)
        {
            string all = string.Join(", ", hits.Select(h => $"'{h.Tag}' to '{h.Claim.Skill.Name}'"));
            return Refuse($"The request's tags lead to more than one skill: {all}. Leave one.");
        }

        return Claimed("tag", hits.Length > 0 ? hits[0].Tag : string.Join(", ", request.Tags), hits.Length > 0 ? hits[0].Claim : null);
    }

    private RouteExplanation? ByDefault()
    {
        if (skills.Default is not { } skill)
        {
            _steps.Add(new RouteStep("default", "no skill is the default", false));
            return null;
        }

        _steps.Add(new RouteStep("default", $"skill '{skill.Name}'", true));
        return Reach(skill.Adapter, skill, $"nothing else matched; skill '{skill.Name}' is the default.");
    }

    private RouteExplanation? Claimed(string rule, string value, SkillMap.Claim? claim)
    {
        if (claim is null)
        {
            _steps.Add(new RouteStep(rule, $"'{value}' is claimed by no skill", false));
            return null;
        }

        _steps.Add(new RouteStep(rule, $"'{value}' is claimed by skill '{claim.Skill.Name}' ({claim.Key})", true));
        return Reach(claim.Skill.Adapter, claim.Skill, $"{rule} '{value}' belongs to skill '{claim.Skill.Name}' ({claim.Key}).");
    }

    private RouteExplanation Reach(string reference, SkillDefinition? skill, string reason)
    {
        if (reference == SkillRouter.Base && !skills.AllowBase)
        {
            return Refuse("The bare model was asked for ('base'), which this configuration does not allow. Set AllowBase, or name an adapter.");
        }

        return new RouteExplanation { Adapter = reference, Skill = skill, Reason = reason, Steps = _steps };
    }

    private RouteExplanation Refuse(string reason) => new() { Reason = reason, IsRefused = true, Steps = _steps };

    private void Note(string rule, string? value, bool decided) => _steps.Add(new RouteStep(rule, value is null ? "not given" : $"'{value}'", decided));

    // "Writer.Summarize" names the plugin as well; an explicit plugin goes before it.
    private string? Plugin => request.Plugin ?? (request.Function?.LastIndexOf('.') is > 0 and { } dot ? request.Function[..dot] : null);

    private static string BareFunction(string function) => function[(function.LastIndexOf('.') + 1)..];

    private string Names() => skills.Skills.Count == 0 ? "none are configured" : string.Join(", ", skills.Skills.Select(s => $"'{s.Name}'"));
}
