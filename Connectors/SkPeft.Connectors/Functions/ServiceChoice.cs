namespace SkPeft.Connectors.Functions;

/// <summary>Who answers a function's call.</summary>
internal enum ChoiceKind
{
    /// <summary>The service that the settings name by its key.</summary>
    Named,

    /// <summary>The client that routes every request.</summary>
    Routing,

    /// <summary>Whoever the framework itself would choose.</summary>
    Framework,

    /// <summary>Nobody: the settings name services, and there is none of them.</summary>
    Nobody,
}

/// <summary>Who answers a function's call, and with which of its settings.</summary>
/// <param name="Kind">Who answers.</param>
/// <param name="Service">The service's key, where it was named.</param>
/// <param name="Settings">Which of the call's settings hold, by their number; null: none of them.</param>
/// <param name="Problem">Why nobody answers, and the next step.</param>
internal sealed record ServiceChoice(ChoiceKind Kind, string? Service = null, int? Settings = null, string? Problem = null);
