namespace SkPeft.Engine.Models;

/// <summary>
/// Reads theta and scaling in every spelling: <c>rope_theta</c> with <c>rope_scaling</c> (its kind under <c>rope_type</c>, before
/// that <c>type</c>), and transformers 5's <c>rope_parameters</c>, which holds both.
/// </summary>
internal static class HfRopeReader
{
    private const double DefaultTheta = 10000;

    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "rope_type", "type", "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings", "rope_theta",
        "partial_rotary_factor", "attention_factor",
    };

    public static (double Theta, RopeScaling? Scaling) Read(ConfigJson json)
    {
        double? theta = json.Positive("rope_theta");
        RopeScaling? scaling = null;
        bool seen = false;
        foreach (string key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (json.Object(key) is not { } rope)
            {
                continue;
            }

            RopeScaling? read = ReadScaling(rope);
            if (seen && read != scaling)
            {
                throw new FileFormatException(json.Path, key, "another scaling than under rope_scaling",
                    "the same under both keys, or one of them");
            }

            (seen, scaling) = (true, read);
            theta = Agree(rope, theta);
        }

        return (theta ?? DefaultTheta, scaling);
    }

    private static double? Agree(ConfigJson rope, double? theta)
    {
        double? inner = rope.Positive("rope_theta");
        return inner is null || theta is null || inner == theta
            ? inner ?? theta
            : throw new FileFormatException(rope.Path, rope.NameOf("rope_theta"), $"{inner}", $"{theta}, as elsewhere in the file");
    }

    private static RopeScaling? ReadScaling(ConfigJson rope)
    {
        RefuseUnknown(rope);
        string? type = rope.String("rope_type");
        string? legacy = rope.String("type");
        if (type is not null && legacy is not null && type != legacy)
        {
            throw new FileFormatException(rope.Path, rope.NameOf("type"), $"\"{legacy}\"", $"\"{type}\", as under rope_type");
        }

        return (type ?? legacy) switch
        {
            "default" => null,
            null when rope.Find("factor") is null => null,
            null => throw new FileFormatException(rope.Path, rope.NameOf("rope_type"), "nothing", "\"default\", \"linear\" or \"llama3\""),
            "linear" => new LinearRopeScaling(Required(rope, "factor")),
            "llama3" => ReadLlama3(rope),
            { } other => throw new UnsupportedModelException(
                rope.Path, rope.NameOf(type is null ? "type" : "rope_type"), $"\"{other}\"", "\"default\", \"linear\", \"llama3\""),
        };
    }

    private static Llama3RopeScaling ReadLlama3(ConfigJson rope)
    {
        double low = Required(rope, "low_freq_factor");
        double high = Required(rope, "high_freq_factor");
        return high > low
            ? new Llama3RopeScaling(Required(rope, "factor"), low, high, rope.Size("original_max_position_embeddings", SizeLimits.Positions))
            : throw new FileFormatException(rope.Path, rope.NameOf("high_freq_factor"), $"{high}", $"more than low_freq_factor {low}");
    }

    private static double Required(ConfigJson rope, string key) =>
        rope.Positive(key) ?? throw new FileFormatException(rope.Path, rope.NameOf(key), "nothing", "a finite number above 0");

    private static void RefuseUnknown(ConfigJson rope)
    {
        foreach (string key in rope.Keys)
        {
            bool one = key is not ("partial_rotary_factor" or "attention_factor") || rope.Positive(key) is null or 1;
            if (rope.Find(key) is { } value && (!one || !s_known.Contains(key)))
            {
                string supported = one ? string.Join(", ", s_known) : "1";
                throw new UnsupportedModelException(rope.Path, rope.NameOf(key), ConfigJson.Describe(value), supported);
            }
        }
    }
}
