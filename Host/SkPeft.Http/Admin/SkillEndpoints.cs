using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Admin;

/// <summary><c>GET /admin/skills</c>: which module answers for which skill.</summary>
internal sealed class SkillEndpoints(ModelHost host, ServerPaths paths)
{
    public Task ListAsync(HttpContext context)
    {
        ServedRuntime served = host.Served;
        SkillList list = new([.. served.Runtime.Skills.Skills.Select(s => Body(served, s))]);
        return context.Response.WriteAsJsonAsync(list, JsonForm.Options, context.RequestAborted);
    }

    private SkillBody Body(ServedRuntime served, SkillDefinition skill)
    {
        RouteExplanation route = served.Runtime.Router.Explain(new RouteRequest { Skill = skill.Name });
        string? resolved = route.IsBase ? SkillRouter.Base : Joined(route, v => v.Reference);
        return new SkillBody(
            skill.Name, skill.Adapter, resolved, Joined(route, v => v.PeftType), skill.Prompt, [.. skill.Labels.Select(l => l.Name)],
            skill == served.Runtime.Skills.Default, skill.Functions, route.IsRefused ? paths.Hide(route.Reason) : null);
    }

    private static string? Joined(RouteExplanation route, Func<AdapterVersion, string> part) =>
        route.Versions.Count == 0 ? null : string.Join(ComposedReference.PartMark, route.Versions.Select(part));
}
