using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>Which instruction sets this CPU has, and which one to use.</summary>
public static class InstructionSets
{
    /// <summary>Environment variable that forces a set, for tests and for comparing machines.</summary>
    public const string Variable = "SKPEFT_FORCE_KERNELS";

    /// <summary>The sets that this CPU supports, in rising order of speed.</summary>
    public static IReadOnlyList<InstructionSet> Supported { get; } = [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>Chooses the set: <paramref name="forced"/>, else the environment variable, else the fastest supported.</summary>
    /// <exception cref="InvalidOptionException">The set asked for is unknown, or this CPU lacks it.</exception>
    public static InstructionSet Select(InstructionSet? forced = null)
    {
        if (forced is { } set)
        {
            return IsSupported(set) ? set : throw Refusal("instruction set", set.ToString());
        }

        return Named(Environment.GetEnvironmentVariable(Variable));
    }

    /// <summary>The set that the environment variable names; without a name the fastest supported.</summary>
    internal static InstructionSet Named(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return Supported[^1];
        }

        return Enum.TryParse(name, ignoreCase: true, out InstructionSet named) && Enum.IsDefined(named) && IsSupported(named) && name.All(char.IsAsciiLetterOrDigit) && !char.IsDigit(name[0])
            ? named
            : throw Refusal(Variable, name);
    }

    /// <summary>The vectors of a set.</summary>
    internal static InstructionSet Vectors(this InstructionSet set) => set == InstructionSet.Avx512Vnni ? InstructionSet.Avx512 : set;

    private static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Vector128 => true,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Avx512 => Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Fma.IsSupported,
        InstructionSet.Avx512Vnni => IsSupported(InstructionSet.Avx512) && GeneratedTiles.AreAvailable,
        _ => false,
    };

    private static InvalidOptionException Refusal(string option, string found) =>
        new(option, $"'{found}'", $"one of those this CPU supports: {string.Join(", ", Supported)}");
}
