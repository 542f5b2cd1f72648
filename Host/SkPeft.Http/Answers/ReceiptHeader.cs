using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Answers;

/// <summary>
/// The receipt as a header: what is known before the first token. One line of JSON in ASCII; the field <c>skpeft</c> in the body says the rest.
/// </summary>
/// <param name="Adapter">The module's name, or <c>base</c>; where several act together, all of them by version and weight.</param>
/// <param name="Version">Its version; null for the base and for several.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Method">Its <c>peft_type</c>.</param>
/// <param name="Skill">The skill whose prompt was used.</param>
internal sealed record ReceiptHeader(string Adapter, int? Version, string? Digest, string? Method, string? Skill)
{
    public const string Name = "X-SkPeft-Receipt";
    public const string IgnoredName = "X-SkPeft-Ignored";

    // The standard encoder writes every other character as an escape.
    private static readonly JsonSerializerOptions s_ascii = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Of what answers under an exact reference.</summary>
    public static ReceiptHeader Of(string reference, IReadOnlyList<AdapterVersion> versions, string? skill) =>
        ComposedReference.Parse(reference).IsSingle
            ? Of(versions[0], skill)
            : new ReceiptHeader(reference, null, null, string.Join(ComposedReference.PartMark, versions.Select(v => v.PeftType)), skill);

    public static ReceiptHeader Of(AdapterVersion? version, string? skill) =>
        new(version?.Name ?? Connectors.Routing.SkillRouter.Base, version?.Number, version?.Digest, version?.PeftType, skill);

    public void WriteTo(HttpResponse response) => response.Headers[Name] = JsonSerializer.Serialize(this, s_ascii);

    public static void WriteIgnored(HttpResponse response, IReadOnlyList<string> ignored)
    {
        if (ignored.Count > 0)
        {
            response.Headers[IgnoredName] = string.Join(", ", ignored);
        }
    }
}
