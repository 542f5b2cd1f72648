namespace SkPeft;

/// <summary>A module of the base of which the adapter carries a full copy.</summary>
/// <param name="Module">The module.</param>
/// <param name="Weight">Its weight, of the base's shape.</param>
/// <param name="Bias">Its bias, or null where the base has none.</param>
/// <param name="MayBeUntouched">
/// Whether the copy may be the base's own weight, saved for company (embedding and head, when an adapter targets them).
/// </param>
public sealed record SavedModule(ModuleInfo Module, Tensor Weight, Tensor? Bias, bool MayBeUntouched);
