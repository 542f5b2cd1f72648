using System.Text.Json.Serialization;

namespace SkPeft.Http.Admin;

/// <summary>A version of a module.</summary>
internal sealed record VersionBody(
    string Reference, string Name, int Version, string Digest, string PeftType, long Bytes, DateTimeOffset Added, BaseBody? Base, IReadOnlyList<string> Aliases)
{
    public static VersionBody Of(AdapterVersion version, IReadOnlyList<string> aliases) => new(
        version.Reference, version.Name, version.Number, version.Digest, version.PeftType, version.Bytes, version.Added,
        version.Base is { } model ? new BaseBody(model.Shapes, model.Tokenizer, model.Weights) : null, aliases);
}

/// <summary>The base that a version was made for.</summary>
internal sealed record BaseBody(string Shapes, string? Tokenizer, string Weights);

/// <summary>All versions.</summary>
internal sealed record VersionList(IReadOnlyList<VersionBody> Modules);

/// <summary>Everything about one version.</summary>
internal sealed record VersionDetails(VersionBody Module, IReadOnlyList<AliasState> Aliases, IReadOnlyList<StoredFile> Files);

/// <summary>What an upload did.</summary>
internal sealed record UploadResult(VersionBody Module, bool IsNew, IReadOnlyList<string> LeftOut);

/// <summary>What a promotion or rollback did.</summary>
internal sealed record FlipBody(string Name, string Alias, int? From, int To);

/// <summary>A skill, and what answers for it now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Adapter">The reference that the configuration has.</param>
/// <param name="Resolved">The exact version that it names now; null where nothing does.</param>
/// <param name="Method">That version's <c>peft_type</c>.</param>
/// <param name="Prompt">Its prompt.</param>
/// <param name="Labels">Its classes.</param>
/// <param name="IsDefault">Whether requests that nothing else claims come here.</param>
/// <param name="Functions">The functions that lead here.</param>
/// <param name="Problem">Why it cannot be served, or null.</param>
internal sealed record SkillBody(
    string Name, string Adapter, string? Resolved, string? Method, string? Prompt, IReadOnlyList<string> Labels, bool IsDefault, IReadOnlyList<string> Functions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem);

/// <summary>All skills.</summary>
internal sealed record SkillList(IReadOnlyList<SkillBody> Skills);

/// <summary>All plugins: generations in memory, and files that were not loaded.</summary>
internal sealed record PluginList(IReadOnlyList<Plugins.PluginInfo> Plugins);

/// <summary>How the server is.</summary>
/// <param name="Ready">Whether it answers requests.</param>
/// <param name="Draining">Whether it is stopping.</param>
/// <param name="Running">Requests that run.</param>
/// <param name="Model">The base model's name.</param>
/// <param name="Opened">When it was opened.</param>
/// <param name="Adapters">Modules in memory.</param>
/// <param name="Problem">Why the model could not be opened.</param>
/// <param name="ReloadProblem">Why a changed configuration is not taken over, or which of it takes a restart.</param>
internal sealed record StatusBody(
    bool Ready, bool Draining, int Running, string? Model, DateTimeOffset? Opened, Adapters.Store.ResidencyStatistics? Adapters, string? Problem, string? ReloadProblem);
