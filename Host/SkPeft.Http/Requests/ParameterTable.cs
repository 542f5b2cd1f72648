using System.Text.Json;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Requests;

/// <summary>The parameters of an endpoint: what its body is checked against, and what the OpenAPI document says of it.</summary>
/// <param name="name">The schema's name in the document.</param>
/// <param name="parameters">The parameters.</param>
internal sealed class ParameterTable(string name, params IEnumerable<Parameter> parameters)
{
    private readonly Dictionary<string, Parameter> _byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public string Name { get; } = name;

    public IReadOnlyCollection<Parameter> Parameters => _byName.Values;

    /// <summary>Refuses what is unknown, missing or not supported.</summary>
    /// <returns>The names that are given and passed over.</returns>
    public IReadOnlyList<string> Check(ObjectReader body)
    {
        List<string> ignored = [];
        foreach (JsonProperty member in body.Members)
        {
            if (!_byName.TryGetValue(member.Name, out Parameter? parameter))
            {
                throw ApiException.BadRequest(member.Name,
                    $"{Shown(member.Name)}: there is no such parameter here, expected {string.Join(", ", Parameters.Where(p => p.Fate == ParameterFate.Honoured).Select(p => p.Name))}.",
                    "unknown_parameter");
            }

            if (parameter.Fate == ParameterFate.Refused && member.Value.ValueKind != JsonValueKind.Null)
            {
                throw ApiException.BadRequest(member.Name, $"{member.Name}: {JsonShown.Of(member.Value)} is not accepted. {parameter.Summary}", "unsupported_parameter");
            }

            if (parameter.Fate == ParameterFate.Ignored && member.Value.ValueKind != JsonValueKind.Null)
            {
                ignored.Add(member.Name);
            }
        }

        foreach (Parameter required in Parameters.Where(p => p.IsRequired))
        {
            _ = body.Any(required.Name) ?? throw body.Missing(required.Name, Phrase(required.Summary));
        }

        return ignored;
    }

    // A sentence of the document inside another one.
    private static string Phrase(string summary) => $"{char.ToLowerInvariant(summary[0])}{summary[1..].TrimEnd('.')}";

    private static string Shown(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
