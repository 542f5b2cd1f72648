namespace SkPeft.Connectors.Skills;

/// <summary>Skills by name, function, plugin, tag and default; checked as a whole when it is made.</summary>
/// <remarks>Immutable. Names are compared without regard to case.</remarks>
public sealed class SkillMap
{
    private readonly List<string> _problems;
    private readonly Dictionary<string, Claim> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Claim> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Claim> _plugins = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Claim> _tags = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks the skills and maps them.</summary>
    /// <exception cref="ConfigurationException">Two skills claim the same, or one cannot be served; all problems together, by key.</exception>
    public SkillMap(IReadOnlyList<SkillDefinition> skills, bool allowBase = false)
        : this(skills, allowBase, [])
    {
        if (Problems.Count > 0)
        {
            throw new ConfigurationException(Problems);
        }
    }

    private SkillMap(IReadOnlyList<SkillDefinition> skills, bool allowBase, List<string> problems)
    {
        _problems = problems;
        Skills = skills;
        AllowBase = allowBase;
        Claim? standard = null;
        for (int i = 0; i < skills.Count; i++)
        {
            SkillDefinition skill = skills[i];
            string key = skill.Key.Length > 0 ? skill.Key : $"Skills:{i}";
            problems.AddRange(SkillCheck.Problems(skill, key, allowBase));
            Add(_names, skill.Name, new Claim(skill, $"{key}:Name"), "skill");
            AddAll(_functions, skill, skill.Functions, $"{key}:Functions", "function");
            AddAll(_plugins, skill, skill.Plugins, $"{key}:Plugins", "plugin");
            AddAll(_tags, skill, skill.Tags, $"{key}:Tags", "tag");
            if (skill.Default && standard is { } first)
            {
                problems.Add($"{key}:Default: '{skill.Name}' wants to be the default, and so does '{first.Skill.Name}' ({first.Key}); one can be.");
            }
            else if (skill.Default)
            {
                standard = new Claim(skill, $"{key}:Default");
            }
        }

        Default = standard?.Skill;
    }

    /// <summary>The skills, in the order of the configuration.</summary>
    public IReadOnlyList<SkillDefinition> Skills { get; }

    /// <summary>The skill of requests that nothing else claims, or null.</summary>
    public SkillDefinition? Default { get; }

    /// <summary>Whether the bare model may be asked for, as <c>base</c>.</summary>
    public bool AllowBase { get; }

    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>The skill of this name, or null.</summary>
    public SkillDefinition? Find(string name) => _names.GetValueOrDefault(name)?.Skill;

    internal static SkillMap Check(IReadOnlyList<SkillDefinition> skills, bool allowBase) => new(skills, allowBase, []);

    internal Claim? ByFunction(string function) => _functions.GetValueOrDefault(function);

    internal Claim? ByPlugin(string plugin) => _plugins.GetValueOrDefault(plugin);

    internal Claim? ByTag(string tag) => _tags.GetValueOrDefault(tag);

    private void AddAll(Dictionary<string, Claim> map, SkillDefinition skill, IReadOnlyList<string> names, string key, string kind)
    {
        for (int i = 0; i < names.Count; i++)
        {
            Add(map, names[i], new Claim(skill, $"{key}:{i}"), kind);
        }
    }

    private void Add(Dictionary<string, Claim> map, string name, Claim claim, string kind)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            _problems.Add($"{claim.Key}: the {kind} is empty; give it a name.");
        }
        else if (!map.TryAdd(name, claim))
        {
            Claim first = map[name];
            _problems.Add(kind == "skill"
                ? $"{claim.Key}: there is a skill '{first.Skill.Name}' already ({first.Key}); names differ, and not only in case."
                : $"{claim.Key}: {kind} '{name}' is claimed by '{claim.Skill.Name}' and by '{first.Skill.Name}' ({first.Key}); leave it to one of them.");
        }
    }

    /// <summary>Who claims a name, and where it is written.</summary>
    internal sealed record Claim(SkillDefinition Skill, string Key);
}
