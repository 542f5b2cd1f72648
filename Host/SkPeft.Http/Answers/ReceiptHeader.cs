using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Answers;

/// <summary>
/// The receipt as a header: what is known before the first token. One line of JSON in ASCII; the field <c>skpeft</c> in the body says the rest.
/// </summary>
/// <param name="Adapter">The module's name, or <c>base</c>.</param>
/// <param name="Version">Its version, or null for the base.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Method">Its <c>peft_type</c>.</param>
/// <param name="Skill">The skill whose prompt was used.</param>
internal sealed record ReceiptHeader(string Adapter, int? Version, string? Digest, string? Method, string? Skill)
{
    public const string Name = "X-SkPeft-Receipt";
    public const string IgnoredName = "X-SkPeft-Ignored";

    // The standard encoder writes every other character as an escape.
    private static readonly JsonSerializerOptions s_ascii = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

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
