using System.Collections.Frozen;

namespace SkPeft.Plugins;

/// <summary>
/// Which generation serves which <c>peft_type</c> now. Immutable: a reload puts another table in its place, so a reader sees all of it or none.
/// </summary>
internal sealed class MethodTable
{
    public static readonly MethodTable Empty = new([]);

    private readonly FrozenDictionary<string, PluginInstance> _byType;

    private MethodTable(IEnumerable<KeyValuePair<string, PluginInstance>> entries) =>
        _byType = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> PeftTypes => _byType.Keys.Order(StringComparer.Ordinal);

    public PluginInstance? Find(string peftType) => _byType.GetValueOrDefault(peftType);

    /// <summary>The table with <paramref name="old"/> taken out and <paramref name="next"/> put in; either may be null.</summary>
    /// <exception cref="PluginRefusal">A third plugin offers one of the types.</exception>
    public MethodTable Replace(PluginInstance? old, PluginInstance? next)
    {
        Dictionary<string, PluginInstance> entries = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string type, PluginInstance instance) in _byType)
        {
            if (instance != old)
            {
                entries.Add(type, instance);
            }
        }

        foreach (PluginMethodInfo method in next?.Methods ?? [])
        {
            if (!entries.TryAdd(method.PeftType, next!))
            {
                PluginInstance other = entries[method.PeftType];
                throw new PluginRefusal(
                    $"it reads peft_type '{method.PeftType}', which plugin {other.Identity.Name} ({other.Path}) reads already; remove one of the two.");
            }
        }

        return new MethodTable(entries);
    }
}
