using System.Globalization;
using System.Text.Json;

namespace SkPeft;

/// <summary>
/// Which modules an adapter targets, after HF PEFT's <c>check_target_module_exists</c> (peft 0.21): <c>target_modules</c> as a list
/// (equal, or ending at a dot), as a regular expression (of the whole name) or as <c>all-linear</c>; <c>exclude_modules</c> and
/// <c>modules_to_save</c> come first; <c>layers_to_transform</c> and <c>layers_pattern</c> narrow the list form.
/// </summary>
public sealed class TargetModules
{
    private const string AllLinear = "all-linear";

    private readonly string _adapter;
    private readonly string _method;
    private readonly IReadOnlyList<string> _targets;
    private readonly PythonPattern? _targetPattern;
    private readonly bool _allLinear;
    private readonly IReadOnlyList<string> _excluded;
    private readonly PythonPattern? _excludedPattern;
    private readonly IReadOnlyList<PythonPattern> _saved;
    private readonly IReadOnlyList<int> _layers;
    private readonly IReadOnlyList<PythonPattern> _layerPatterns;

    private TargetModules(AdapterConfigReader reader, IReadOnlyList<string> modulesToSave, string[] defaults)
    {
        (_adapter, _method) = (reader.Adapter, reader.Method);
        _allLinear = reader.Get("target_modules") is { ValueKind: JsonValueKind.String } all && all.GetString()!.Equals(AllLinear, StringComparison.OrdinalIgnoreCase);
        (_targets, _targetPattern) = _allLinear ? ([], null) : NamesOrPattern(reader, "target_modules", defaults);
        (_excluded, _excludedPattern) = NamesOrPattern(reader, "exclude_modules", []);
        _saved = [.. modulesToSave.Select(m => PythonPattern.Compile(reader.File, "modules_to_save", m, @"(^|.*\.)", @"($|\..*)"))];
        _layers = reader.Integers("layers_to_transform") ?? [];
        IReadOnlyList<string> patterns = [.. (reader.Texts("layers_pattern") ?? []).Where(p => p.Length > 0)];
        _layerPatterns = patterns.Count == 0
            ? [PythonPattern.Compile(reader.File, "layers_pattern", @".*?\.[^.]*\.(\d+)\.")]
            : [.. patterns.Select(p => PythonPattern.Compile(reader.File, "layers_pattern", p, @".*?\.", @"\.(\d+)\."))];

        if (_layers.Count > 0 && (_targetPattern is not null || _allLinear))
        {
            reader.Problem("layers_to_transform is set together with a pattern in target_modules; write the layers into the pattern, or list the modules");
        }

        if (patterns.Count > 0 && _layers.Count == 0)
        {
            reader.Problem("layers_pattern is set without layers_to_transform; it has no meaning alone");
        }
    }

    /// <summary>The targets as configured, for messages.</summary>
    public string Description => _allLinear ? AllLinear : _targetPattern?.ToString() ?? string.Join(", ", _targets);

    /// <summary>
    /// Whether embedding or head are named as the reference looks for them when it decides to save them in full: by their own names in a list,
    /// or by a pattern.
    /// </summary>
    public bool NamesEnds => _targetPattern is not null || _targets.Any(t => t is "embed_tokens" or "lm_head");

    /// <summary>Reads the keys <c>target_modules</c>, <c>exclude_modules</c>, <c>layers_to_transform</c> and <c>layers_pattern</c>.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="modulesToSave">Names under <c>modules_to_save</c>; they are never targets.</param>
    /// <param name="defaults">The targets where the file has none.</param>
    /// <exception cref="FileFormatException">A value has the wrong type or is not a regular expression.</exception>
    public static TargetModules Read(AdapterConfigReader reader, IReadOnlyList<string> modulesToSave, params string[] defaults) =>
        new(reader, modulesToSave, defaults);

    /// <summary>Finds the targeted modules.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="names">How the adapter's file calls modules; patterns see those names.</param>
    /// <param name="kinds">The kinds of modules that the method works on.</param>
    /// <exception cref="AdapterMatchesNothingException">There are none.</exception>
    /// <exception cref="AdapterOptionException">A target is a container or of another kind.</exception>
    public IReadOnlyList<ModuleInfo> Match(ModelShape shape, ModuleNames names, params ReadOnlySpan<ModuleKind> kinds)
    {
        List<ModuleInfo> matched = [];
        List<string> refused = [];
        foreach (string name in ModuleTree.NamesOf(shape))
        {
            if (names.Seen(name) is not { } seen || !IsTarget(seen, shape.Find(name)))
            {
                continue;
            }

            if (shape.Find(name) is { } module && kinds.Contains(module.Kind))
            {
                matched.Add(module);
            }
            else
            {
                refused.Add(name);
            }
        }

        if (refused.Count > 0)
        {
            string expected = string.Join(" or ", kinds.ToArray().Select(k => k.ToString().ToLowerInvariant()));
            throw new AdapterOptionException(_adapter, _method,
                [$"target_modules ({Description}) matches {refused[0]}, which is no {expected} module"]);
        }

        return matched.Count > 0 ? matched : throw Nothing(shape);
    }

    /// <summary>The error for an adapter that touches nothing.</summary>
    public AdapterMatchesNothingException Nothing(ModelShape shape) =>
        new(_adapter, Describe(), string.Join(", ", shape.Modules.Take(8).Select(m => m.Name)) + ", …");

    private static (IReadOnlyList<string> Names, PythonPattern? Pattern) NamesOrPattern(AdapterConfigReader reader, string key, string[] defaults)
    {
        if (reader.Get(key) is not { ValueKind: JsonValueKind.String } value)
        {
            return (reader.Texts(key) ?? (defaults.Length == 0 ? defaults : reader.Default(key, defaults)), null);
        }

        string text = value.GetString()!;
        return text.Length == 0 ? ([], null) : ([], PythonPattern.Compile(reader.File, key, text));
    }

    private static bool IsListed(IReadOnlyList<string> names, string name) =>
        names.Any(n => name == n || name.EndsWith("." + n, StringComparison.Ordinal));

    private bool IsTarget(string name, ModuleInfo? module)
    {
        if ((_excludedPattern?.IsFullMatch(name) ?? IsListed(_excluded, name)) || _saved.Any(p => p.MatchStart(name).Success))
        {
            return false;
        }

        if (_targetPattern is not null)
        {
            return _targetPattern.IsFullMatch(name);
        }

        // The shorthand stands for the full names of all linear layers but the head.
        if (_allLinear)
        {
            return module is { Kind: ModuleKind.Linear, Linear.Kind: not LinearKind.Head };
        }

        return _targets.Contains(name) || (IsListed(_targets, name) && IsChosenLayer(name));
    }

    private bool IsChosenLayer(string name)
    {
        if (_layers.Count == 0)
        {
            return true;
        }

        string? index = _layerPatterns.Select(p => p.MatchStart(name)).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        return int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && _layers.Contains(layer);
    }

    private string Describe()
    {
        string excluded = _excludedPattern?.ToString() ?? string.Join(", ", _excluded);
        return (Description.Length == 0 ? "empty" : Description)
            + (_layers.Count > 0 ? $" in layers {string.Join(", ", _layers)}" : "")
            + (excluded.Length > 0 ? $" without {excluded}" : "");
    }
}
