namespace SkPeft.Http.Requests;

/// <summary>What a parameter may be, for the OpenAPI document.</summary>
internal enum ParameterKind
{
    Text,
    Number,
    Integer,
    Flag,
    TextOrTexts,
    List,
    Object,
    Any,
}

/// <summary>What becomes of a parameter.</summary>
internal enum ParameterFate
{
    /// <summary>It does what it says.</summary>
    Honoured,

    /// <summary>It changes no answer: accepted, and listed in the answer's X-SkPeft-Ignored.</summary>
    Ignored,

    /// <summary>It would change the answer and is not supported: a 400 says so.</summary>
    Refused,
}

/// <summary>A parameter of a request's body.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it may be.</param>
/// <param name="Summary">What it does, or why it is passed over or refused.</param>
/// <param name="Fate">What becomes of it.</param>
internal sealed record Parameter(string Name, ParameterKind Kind, string Summary, ParameterFate Fate = ParameterFate.Honoured)
{
    public bool IsRequired { get; init; }
}
