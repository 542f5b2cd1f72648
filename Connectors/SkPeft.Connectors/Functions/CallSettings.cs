namespace SkPeft.Connectors.Functions;

/// <summary>What one of a call's settings says about who should answer.</summary>
/// <param name="Key">The key that they stand under: a service's key, or the framework's word for any (<see cref="Any"/>).</param>
/// <param name="ServiceId">The service that they name themselves, or null.</param>
/// <param name="ModelId">The model that they name, or null.</param>
/// <param name="NamesModule">Whether they name an adapter or a skill.</param>
internal sealed record CallSettings(string? Key, string? ServiceId, string? ModelId, bool NamesModule)
{
    /// <summary>The key of settings for whatever service answers.</summary>
    public const string Any = "default";

    /// <summary>The service that is asked for, or null where any will do.</summary>
    public string? Service => IsService(Key) ? Key : IsService(ServiceId) ? ServiceId : null;

    private static bool IsService(string? id) => !string.IsNullOrEmpty(id) && !id.Equals(Any, StringComparison.OrdinalIgnoreCase);
}
