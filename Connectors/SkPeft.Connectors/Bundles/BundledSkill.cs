using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Bundles;

/// <summary>A skill of a bundle.</summary>
/// <param name="Definition">How it is asked; its adapter is the skill's name at <see cref="ModelBundle.Alias"/>.</param>
/// <param name="Adapter">The adapter's folder in HF PEFT's layout, as a full path.</param>
/// <param name="Examples">Inputs that show what it does.</param>
public sealed record BundledSkill(SkillDefinition Definition, string Adapter, IReadOnlyList<string> Examples);
