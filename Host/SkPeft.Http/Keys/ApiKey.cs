using SkPeft.Http.Errors;
using SkPeft.Http.Models;

namespace SkPeft.Http.Keys;

/// <summary>Who calls: the entry of the key file whose key was sent, or whoever calls a server without one.</summary>
internal sealed class ApiKey
{
    /// <summary>Whoever calls a server that asks for no keys.</summary>
    public static ApiKey Anyone { get; } = new() { Name = "anyone", IsAdmin = true, MinPriority = -int.MaxValue };

    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public byte[] Hash { get; init; } = [];

    /// <summary>The models that it may ask, by skill or module name; empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Its requests a minute, or null where they are not counted.</summary>
    public RequestBudget? Budget { get; init; }

    /// <summary>The least <c>priority</c> that its requests may have, where less is sooner: without a say of its file, no key goes before another.</summary>
    public int MinPriority { get; init; }

    /// <summary>Whether it opens the admin's door.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whose share of the engine its requests use; null: their skill's.</summary>
    public string? Tenant => this == Anyone ? null : Name;

    public bool IsRestricted => Models.Count > 0;

    public bool May(IEnumerable<string> names) => !IsRestricted || names.Any(n => Models.Contains(n, StringComparer.OrdinalIgnoreCase));

    /// <summary>The same key with the budget that an earlier reading of it has been using, where that is the same.</summary>
    public ApiKey Keeping(ApiKey earlier) => Budget?.PerMinute != earlier.Budget?.PerMinute ? this
        : new ApiKey { Name = Name, Hash = Hash, Models = Models, IsAdmin = IsAdmin, MinPriority = MinPriority, Budget = earlier.Budget };

    /// <exception cref="ApiException">The key may not ask this model: 403.</exception>
    public void RequireModel(ServedModel model)
    {
        if (!model.Names.All(May))
        {
            throw ApiException.Forbidden($"Key '{Name}' may ask {string.Join(", ", Models)}, not '{model.Requested}'. Use another key, or add it to the key file.", "model_not_allowed", "model");
        }
    }

    /// <summary>How urgent a request is that says so, or does not.</summary>
    /// <exception cref="ApiException">More urgent than the key may be: 403.</exception>
    public int PriorityOf(int? asked) => asked is not { } priority ? Math.Max(0, MinPriority)
        : priority >= MinPriority ? priority
        : throw ApiException.Forbidden(
            $"priority: {priority} is sooner than key '{Name}' may ask for, expected {MinPriority} or more. Leave it out, or give the key another min_priority in the key file.", "priority_not_allowed", "priority");

    /// <exception cref="ApiException">The key is bound to some models: 403.</exception>
    public void RequireUnrestricted(string what)
    {
        if (IsRestricted)
        {
            throw ApiException.Forbidden($"Key '{Name}' may ask {string.Join(", ", Models)} only, and not {what}. Use a key without such a list.", "key_restricted");
        }
    }
}
