using System.Globalization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Bench;

/// <summary>Options of the commands.</summary>
internal sealed record PeerOptions(int Threads, int Repeat, string? Out, string? Data = null)
{
    /// <summary>Numbers of answers that are generated together.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [4, 8, 16];

    /// <summary>Tokens in the cache of the long decode; 0: not measured.</summary>
    public int Depth { get; init; }

    /// <summary>How our engine computes.</summary>
    public Precision Precision { get; init; } = Precision.Fast;

    public static PeerOptions Parse(string[] args)
    {
        PeerOptions options = new(2, 5, null);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--threads" => options with { Threads = int.Parse(value, CultureInfo.InvariantCulture) },
                "--repeat" => options with { Repeat = int.Parse(value, CultureInfo.InvariantCulture) },
                "--data" => options with { Data = value },
                "--batches" => options with { Batches = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(b => int.Parse(b, CultureInfo.InvariantCulture))] },
                "--depth" => options with { Depth = int.Parse(value, CultureInfo.InvariantCulture) },
                "--precision" => options with { Precision = PrecisionNames.Read(value) ?? throw new ArgumentException($"--precision: '{value}', expected {PrecisionNames.Expected}") },
                "--out" => options with { Out = value },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }

        return options;
    }
}
