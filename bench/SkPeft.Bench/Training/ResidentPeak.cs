using System.Diagnostics;
using System.Globalization;

namespace SkPeft.Bench.Training;

/// <summary>The most memory that the process has held since <see cref="Reset"/>; where the system cannot forget, since it began.</summary>
internal static class ResidentPeak
{
    private const string Forget = "/proc/self/clear_refs";
    private const string Status = "/proc/self/status";
    private const string Line = "VmHWM:";

    public static void Reset()
    {
        if (File.Exists(Forget))
        {
            // 5 sets the high-water mark to what is resident now.
            File.WriteAllText(Forget, "5");
        }
    }

    /// <summary>Megabytes (10⁶).</summary>
    public static double Megabytes()
    {
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Line, StringComparison.Ordinal)) : null;
        if (line is not null)
        {
            return long.Parse(line[Line.Length..^" kB".Length], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }

        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }
}
