namespace SkPeft.Plugins;

/// <summary>The methods of one loaded plugin: the objects, which are the plugin's, and what to say of them, which is not.</summary>
internal sealed class ActivatedMethods
{
    private readonly Dictionary<string, IPeftMethod> _byType = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PluginMethodInfo> _infos = [];

    public IReadOnlyDictionary<string, IPeftMethod> ByType => _byType;

    public IReadOnlyList<PluginMethodInfo> Infos => _infos;

    public void Add(string peftType, IPeftMethod method, string description)
    {
        if (_byType.TryGetValue(peftType, out IPeftMethod? other))
        {
            throw new PluginRefusal(ReferenceEquals(other, method)
                ? $"{method.GetType().FullName} names peft_type '{peftType}' twice."
                : $"{other.GetType().FullName} and {method.GetType().FullName} both read peft_type '{peftType}'.");
        }

        _byType.Add(peftType, method);
        _infos.Add(new PluginMethodInfo(peftType, description));
    }
}
