using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Models;

/// <summary>Finds what a request's <c>model</c> names: a skill, the base model, or a module of the store, in this order.</summary>
internal sealed class ModelNames(PeftRuntime runtime)
{
    /// <summary>The base model's name: its file's.</summary>
    public string Base { get; } = BaseOf(runtime.Model.Path);

    /// <summary>What an answer by this exact version (or the base model) says as its <c>model</c>: a name that the list of models has.</summary>
    public string Shown(string reference) => reference == SkillRouter.Base ? Base : reference;

    /// <summary>Finds it.</summary>
    /// <param name="model">What the request says.</param>
    /// <param name="skill">The skill whose prompt is to be used, where the request names one.</param>
    /// <exception cref="ApiException">There is no such model or skill: 404.</exception>
    public ServedModel Find(string model, string? skill = null)
    {
        SkillDefinition? named = skill is null ? null
            : runtime.Skills.Find(skill) ?? throw ApiException.NotFound($"There is no skill '{skill}'. {Advice()}", "skill_not_found", "skill");
        if (runtime.Skills.Find(model) is { } own)
        {
            return named is null || named == own
                ? new ServedModel(model, null, own)
                : throw ApiException.BadValue("skill", $"'{skill}'", $"nothing, or a module as model: model names the skill '{own.Name}'");
        }

        if (model == Base || model == SkillRouter.Base)
        {
            return runtime.Skills.AllowBase
                ? new ServedModel(model, SkillRouter.Base, named)
                : throw ApiException.ModelNotFound($"'{model}' is the bare model, which this configuration does not serve (AllowBase). {Advice()}");
        }

        ComposedReference reference = Resolve(model);
        return new ServedModel(model, $"{reference}", named ?? reference.Parts.Select(p => SkillOf(p.Reference.Stored.Name)).FirstOrDefault(s => s is not null));
    }

    /// <summary>The name of the base model in this file or folder.</summary>
    public static string BaseOf(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));

    private ComposedReference Resolve(string model)
    {
        ComposedReference reference = Parse(model);
        try
        {
            _ = reference.Resolve(runtime.Store);
            return reference;
        }
        catch (AdapterNotFoundException missing)
        {
            throw ApiException.ModelNotFound($"There is no model '{Short(model)}'{(IsComposed(model) ? $": {missing.Message}" : ".")} {Advice()}", missing);
        }
    }

    private ComposedReference Parse(string model)
    {
        try
        {
            return ComposedReference.Parse(model);
        }
        catch (StoreException unreadable)
        {
            // A name without a mark is just a name that nothing has; in a composition it is said which part is wrong.
            throw IsComposed(model)
                ? ApiException.BadRequest("model", $"model '{Short(model)}' is not accepted: {unreadable.Message}", inner: unreadable)
                : ApiException.ModelNotFound($"There is no model '{Short(model)}'. {Advice()}", unreadable);
        }
    }

    private static bool IsComposed(string model) => model.AsSpan().ContainsAny(ComposedReference.PartMark, ComposedReference.WeightMark);

    private static string Short(string model) => model.Length <= 100 ? model : model[..100] + "…";

    /// <summary>A module is asked as the skill that serves it asks it: without its prompt it would not know its task.</summary>
    private SkillDefinition? SkillOf(string adapter)
    {
        SkillDefinition[] users = [.. runtime.Skills.Skills.Where(s => s.Adapter != SkillRouter.Base && ComposedReference.Parse(s.Adapter).Uses(adapter))];
        return users.Length == 1 ? users[0] : users.FirstOrDefault(s => s.Name.Equals(adapter, StringComparison.OrdinalIgnoreCase));
    }

    private string Advice() => $"GET /v1/models lists what there is: {string.Join(", ", runtime.Skills.Skills.Select(s => s.Name).Prepend(Base))}, and modules as name@version or name@alias.";
}
