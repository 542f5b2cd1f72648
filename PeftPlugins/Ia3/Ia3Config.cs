using System.Text.Json;

namespace SkPeft.Peft.Ia3;

/// <summary>The configuration of an (IA)³ adapter, as HF PEFT 0.21 writes it.</summary>
internal sealed record Ia3Config
{
    private readonly IReadOnlyList<string> _feedforward;
    private readonly PythonPattern? _feedforwardPattern;

    private Ia3Config(TargetModules targets, IReadOnlyList<string> modulesToSave, IReadOnlyList<string> feedforward, PythonPattern? pattern)
    {
        (Targets, ModulesToSave) = (targets, modulesToSave);
        (_feedforward, _feedforwardPattern) = (feedforward, pattern);
    }

    /// <summary>Which modules are scaled.</summary>
    public TargetModules Targets { get; }

    /// <summary>Names of modules that are copied in full.</summary>
    public IReadOnlyList<string> ModulesToSave { get; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="AdapterOptionException">An option is not supported; all of them are listed.</exception>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static Ia3Config Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        reader.TrainingOnly("init_ia3_weights");
        if (reader.Flag("fan_in_fan_out", false))
        {
            reader.Problem("fan_in_fan_out is true; the linear layers of this architecture store [out, in], so only false is supported");
        }

        IReadOnlyList<string> saved = SavedModules.ReadNames(reader);
        TargetModules targets = TargetModules.Read(reader, saved, "k_proj", "v_proj", "down_proj");
        PythonPattern? pattern = reader.Get("feedforward_modules") is { ValueKind: JsonValueKind.String } text
            ? PythonPattern.Compile(reader.File, "feedforward_modules", text.GetString()!)
            : null;
        IReadOnlyList<string> feedforward = pattern is null ? reader.Texts("feedforward_modules") ?? ["down_proj"] : [];
        reader.Finish();
        return new Ia3Config(targets, saved, feedforward, pattern);
    }

    /// <summary>Whether the vector scales a module's input and not its output. A name of the list need not begin at a dot.</summary>
    public bool IsFeedforward(string module) =>
        _feedforwardPattern?.IsFullMatch(module) ?? _feedforward.Any(f => module.EndsWith(f, StringComparison.Ordinal));
}
