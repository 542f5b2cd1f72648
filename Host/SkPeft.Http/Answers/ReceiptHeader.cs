using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;

namespace SkPeft.Http.Answers;

/// <summary>
/// The receipt as a header: what is known before the first token. One line of JSON in ASCII; the field <c>skpeft</c> in the body says the rest.
/// </summary>
/// <param name="Adapter">The module's name, or <c>base</c>; where several act together, all of them by version and weight.</param>
/// <param name="Version">Its version; null for the base and for several.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Method">Its <c>peft_type</c>.</param>
/// <param name="Skill">The skill whose prompt was used.</param>
/// <param name="Parts">Where several act together, each of them in order; else left out.</param>
internal sealed record ReceiptHeader(
    string Adapter, int? Version, string? Digest, string? Method, string? Skill,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReceiptHeaderPart>? Parts = null)
{
    public const string Name = "X-SkPeft-Receipt";
    public const string IgnoredName = "X-SkPeft-Ignored";

    // The standard encoder writes every other character as an escape.
    private static readonly JsonSerializerOptions s_ascii = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Of what answers under an exact reference.</summary>
    public static ReceiptHeader Of(string reference, IReadOnlyList<AdapterVersion> versions, string? skill)
    {
        IReadOnlyList<ReferencePart> parts = ComposedReference.Parse(reference).Parts;
        return parts is [{ Weight: 1 }]
            ? Of(versions[0], skill)
            : new ReceiptHeader(reference, null, null, string.Join(ComposedReference.PartMark, versions.Select(v => v.PeftType)), skill,
                [.. versions.Zip(parts, (v, p) => new ReceiptHeaderPart(v.Name, v.Number, v.Digest, p.Weight))]);
    }

    public static ReceiptHeader Of(AdapterVersion? version, string? skill) =>
        new(version?.Name ?? SkillRouter.Base, version?.Number, version?.Digest, version?.PeftType, skill);

    /// <summary>Of an answer whose receipt is there before it begins.</summary>
    public static ReceiptHeader Of(Receipt receipt) => new(
        receipt.Adapter, receipt.Version, receipt.Digest, receipt.Method, receipt.Skill,
        receipt.Version is null && receipt.Parts.Count > 0 ? [.. receipt.Parts.Select(p => new ReceiptHeaderPart(p.Adapter, p.Version, p.Digest, p.Weight))] : null);

    public void WriteTo(HttpResponse response) => response.Headers[Name] = JsonSerializer.Serialize(this, s_ascii);

    public static void WriteIgnored(HttpResponse response, IReadOnlyList<string> ignored)
    {
        if (ignored.Count > 0)
        {
            response.Headers[IgnoredName] = string.Join(", ", ignored);
        }
    }
}

/// <summary>One module of several that act together.</summary>
/// <param name="Adapter">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Weight">What its additions are multiplied by.</param>
internal sealed record ReceiptHeaderPart(string Adapter, int Version, string Digest, float Weight);
