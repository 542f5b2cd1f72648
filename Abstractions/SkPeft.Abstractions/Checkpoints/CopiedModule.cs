namespace SkPeft;

/// <summary>A module that <c>modules_to_save</c> covers.</summary>
/// <param name="Module">The module.</param>
/// <param name="Container">The module that was named: this one, or one that contains it.</param>
public sealed record CopiedModule(ModuleInfo Module, string Container);
