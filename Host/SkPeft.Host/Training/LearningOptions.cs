using SkPeft.Host.Output;
using SkPeft.Training;
using SkPeft.Training.Optimisation;

namespace SkPeft.Host.Training;

/// <summary>Reads how an adapter learns.</summary>
internal static class LearningOptions
{
    public static LearningSettings Read(OptionBag options, LearningSettings fallback) => fallback with
    {
        Rate = options.Number("lr", 0) ?? fallback.Rate,
        Schedule = options.Word("schedule", fallback.Schedule.ToString().ToLowerInvariant(), "constant", "linear", "cosine") switch
        {
            "linear" => RateShape.Linear,
            "cosine" => RateShape.Cosine,
            _ => RateShape.Constant,
        },
        Warmup = options.Whole("warmup", 0) ?? fallback.Warmup,
        WeightDecay = options.Number("weight_decay", 0) ?? fallback.WeightDecay,
        Clip = options.Number("clip", 0) ?? fallback.Clip,
        Optimiser = Optimiser(options, fallback.Optimiser),
        Groups = options.Object("groups") is { } groups ? Groups(groups) : fallback.Groups,
    };

    private static OptimiserSettings Optimiser(OptionBag options, OptimiserSettings fallback)
    {
        OptimiserSettings settings = fallback;
        if (options.Has("optimizer"))
        {
            settings = settings with { Kind = Kind(options.Path, options.Text("optimizer")!) };
        }

        if (options.Object("optimizer_options") is not { } own)
        {
            return settings;
        }

        settings = settings.Kind switch
        {
            OptimiserKind.Adafactor => settings with
            {
                DecayRate = own.Number("decay_rate", 0) ?? settings.DecayRate,
                ClipThreshold = own.Number("clip_threshold", 0) ?? settings.ClipThreshold,
                ScaleParameter = own.Flag("scale_parameter", settings.ScaleParameter),
                RelativeStep = own.Flag("relative_step", settings.RelativeStep),
            },
            OptimiserKind.Sgd => settings with { Momentum = own.Number("momentum", 0, 1) ?? settings.Momentum, Nesterov = own.Flag("nesterov", settings.Nesterov) },
            _ => settings with
            {
                Beta1 = own.Number("beta1", 0, 1) ?? settings.Beta1,
                Beta2 = own.Number("beta2", 0, 1) ?? settings.Beta2,
                Epsilon = own.Number("eps", 0) ?? settings.Epsilon,
            },
        };
        own.RequireKnown();
        return settings;
    }

    private static OptimiserKind Kind(string path, string name) => name.ToLowerInvariant() switch
    {
        "adamw" => OptimiserKind.AdamW,
        "adafactor" => OptimiserKind.Adafactor,
        "sgd" => OptimiserKind.Sgd,
        _ => throw new UsageException($"{path}: optimizer is '{name}', expected one of adamw, adafactor, sgd."),
    };

    private static Dictionary<string, GroupSettings> Groups(OptionBag groups)
    {
        Dictionary<string, GroupSettings> result = [];
        foreach (string name in groups.Keys())
        {
            OptionBag group = groups.Object(name) ?? throw new UsageException($"{groups.Path}: {name} is null, expected an object such as {{ \"lr\": 0.001 }}.");
            bool frozen = group.Flag("frozen", false);
            string mode = group.Word("mode", frozen ? "frozen" : "joint", "joint", "bilevel", "frozen");
            result[name] = new GroupSettings
            {
                Rate = group.Number("lr", 0),
                Factor = group.Number("factor", 0),
                WeightDecay = group.Number("weight_decay", 0),
                Mode = frozen || mode == "frozen" ? GroupMode.Frozen : mode == "bilevel" ? GroupMode.Bilevel : GroupMode.Joint,
            };
            group.RequireKnown();
        }

        return result;
    }
}
