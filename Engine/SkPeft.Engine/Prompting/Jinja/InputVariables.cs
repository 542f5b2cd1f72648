using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja;

/// <summary>
/// Turns a conversation into Python values. What a stranger may have written is untrusted. Roles and types come from the caller's own
/// vocabulary, and templates make special tokens of them, so they are trusted where they are plain names; but not inside the arguments
/// of a call or a tool's answer, which have a vocabulary of their own.
/// </summary>
internal static class InputVariables
{
    private static readonly HashSet<string> s_trustedKeys = new(StringComparer.Ordinal) { "role", "type" };

    public static void Define(Renderer renderer, ChatTemplateInput input)
    {
        Budget budget = renderer.Budget;
        renderer.Root.Set("messages", Convert(input.Messages, Trust.Vocabulary, budget));
        renderer.Root.Set("add_generation_prompt", input.AddGenerationPrompt);
        SetIfGiven(renderer, "tools", input.Tools, budget);
        SetIfGiven(renderer, "documents", input.Documents, budget);
        SetIfGiven(renderer, "bos_token", input.BosToken);
        SetIfGiven(renderer, "eos_token", input.EosToken);
        foreach ((string name, JsonNode? value) in input.Extra)
        {
            renderer.Root.Set(name, Convert(value, Trust.All, budget));
        }
    }

    private static void SetIfGiven(Renderer renderer, string name, JsonNode? value, Budget budget)
    {
        if (value is not null)
        {
            renderer.Root.Set(name, Convert(value, Trust.Vocabulary, budget));
        }
    }

    private static void SetIfGiven(Renderer renderer, string name, string? value)
    {
        if (value is not null)
        {
            renderer.Root.Set(name, PyString.Trusted(value));
        }
    }

    private enum Trust
    {
        None,
        Vocabulary,
        All,
    }

    private static object? Convert(JsonNode? node, Trust trust, Budget budget)
    {
        budget.Nest();
        switch (node)
        {
            case JsonObject members:
                PyDict dict = new(budget);
                foreach ((string key, JsonNode? value) in members)
                {
                    dict.Set(PyString.Of(key, trust != Trust.All && !IsPlainName(key)), Convert(value, TrustOf(key, value, trust), budget));
                }

                return dict;
            case JsonArray items:
                return new PyList([.. items.Select(i => Convert(i, trust, budget))]);
            case JsonValue value:
                return Scalar(value, trust != Trust.All);
            default:
                return null;
        }
    }

    private static Trust TrustOf(string key, JsonNode? value, Trust outside) => outside != Trust.Vocabulary ? outside
        : key == "arguments" || (key == "content" && value is JsonObject) ? Trust.None
        : s_trustedKeys.Contains(key) && IsName(value) ? Trust.All
        : Trust.Vocabulary;

    // A JSON schema may list several types.
    private static bool IsName(JsonNode? node) => node is JsonArray several
        ? several.All(n => n is JsonValue && IsName(n))
        : node is JsonValue value && value.TryGetValue(out string? text) && IsPlainName(text);

    // A key that could not spell a special token need not be suspected.
    private static bool IsPlainName(string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static object? Scalar(JsonValue value, bool untrusted)
    {
        JsonElement element = JsonSerializer.SerializeToElement(value);
        return element.ValueKind switch
        {
            JsonValueKind.String => PyString.Of(element.GetString()!, untrusted),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(element.GetRawText()),
            _ => null,
        };
    }

    // As Python's json reads it: an int unless there is a fraction or an exponent.
    private static object Number(string text) => text.AsSpan().IndexOfAny(".eE") < 0 && text.Length <= Semantics.FloatText.MaxIntDigits
        ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
