using System.Globalization;

namespace SkPeft.Bench;

/// <summary>Options of the commands.</summary>
internal sealed record PeerOptions(int Threads, int Repeat, string? Out, string? Data = null)
{
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
                "--out" => options with { Out = value },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }

        return options;
    }
}
