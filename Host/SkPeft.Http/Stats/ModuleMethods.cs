using System.Collections.Concurrent;
using SkPeft.Connectors.Routing;

namespace SkPeft.Http.Stats;

/// <summary>The methods of exact versions. Each is looked up once: a version never changes, and its number is never given again.</summary>
/// <param name="store">Where they are.</param>
internal sealed class ModuleMethods(IAdapterStore store)
{
    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);

    /// <summary>The <c>peft_type</c> of a module, joined where it is several; null for the base, and where the store has one of them no more.</summary>
    /// <param name="module">An exact version, several of them (<c>a@1+b@2</c>), or <c>base</c>.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public string? Of(string module)
    {
        if (module == SkillRouter.Base)
        {
            return null;
        }

        string?[] methods = [.. ComposedReference.Parse(module).Parts.Select(p => _known.GetOrAdd($"{p.Reference.Stored}", LookUp))];
        return methods.Contains(null) ? null : string.Join(ComposedReference.PartMark, methods);
    }

    private string? LookUp(string version)
    {
        try
        {
            return store.Resolve(version).PeftType;
        }
        catch (AdapterNotFoundException)
        {
            return null;
        }
    }
}
