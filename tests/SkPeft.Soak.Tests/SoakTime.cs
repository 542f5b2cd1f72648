using System.Globalization;

namespace SkPeft.Soak.Tests;

/// <summary>How long: SKPEFT_SOAK_MINUTES, by default one minute.</summary>
internal static class SoakTime
{
    /// <summary>The time.</summary>
    public static TimeSpan Total { get; } = TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("SKPEFT_SOAK_MINUTES"), NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes) && minutes > 0 ? minutes : 1);

    /// <summary>A part of what ten minutes are to do, in proportion to the time that there is; all of it at most.</summary>
    public static int Part(int inTenMinutes) => (int)Math.Min(inTenMinutes, Math.Ceiling(inTenMinutes * Total.TotalMinutes / 10));
}
