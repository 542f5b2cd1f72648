using System.Diagnostics;
using System.Globalization;

namespace SkPeft.RealRuns.Tests;

/// <summary>How much of the recorded runs is to be repeated.</summary>
internal enum Extent
{
    /// <summary>The first steps of three runs: what every <c>dotnet test</c> does.</summary>
    Few,

    /// <summary>The first steps of all runs that the budget has room for.</summary>
    FirstSteps,

    /// <summary>All steps and the evaluation: of three runs always, of the others of those that the budget has room for. What <c>.ci/run</c> does.</summary>
    Whole,
}

/// <summary>
/// Reads <c>SKPEFT_REAL_RUNS</c> (unset, <c>first</c> or <c>all</c>) and <c>SKPEFT_REAL_RUNS_MINUTES</c> (default 60). The clock decides what is
/// skipped, never what passes.
/// </summary>
internal static class RunBudget
{
    public const string ExtentVariable = "SKPEFT_REAL_RUNS";
    public const string MinutesVariable = "SKPEFT_REAL_RUNS_MINUTES";

    private static readonly Stopwatch s_clock = Stopwatch.StartNew();

    // Three that share little: low-rank changes of all seven products of every block; soft tokens in front with changed embeddings; keys and
    // values in front, with answers of many tokens. Fixed, so that a failure can be repeated.
    private static readonly string[] s_always = ["sst2-lora", "sst2-accept", "e2e-prefix"];

    public static Extent Extent { get; } = Environment.GetEnvironmentVariable(ExtentVariable) switch
    {
        null or "" => Extent.Few,
        "first" => Extent.FirstSteps,
        "all" => Extent.Whole,
        string other => throw new InvalidOperationException($"{ExtentVariable} is '{other}', expected first, all, or nothing."),
    };

    public static double Minutes { get; } =
        Environment.GetEnvironmentVariable(MinutesVariable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : 60;

    /// <summary>Whether the time that all runs have together is used up.</summary>
    public static bool IsUsedUp => s_clock.Elapsed.TotalMinutes >= Minutes;

    /// <summary>Whether a run goes as far as is wanted whatever the clock says.</summary>
    public static bool IsAlwaysRun(string name) => s_always.Contains(name);

    /// <summary>Skips the calling test where its run is not wanted, or there is no time for it.</summary>
    public static void RequireRoomFor(string name)
    {
        if (IsAlwaysRun(name))
        {
            return;
        }

        if (Extent == Extent.Few)
        {
            Assert.Skip($"{name} is not among the three runs of the default suite: set {ExtentVariable}=first (20 steps of each run) or all (every step and the evaluation).");
        }

        if (IsUsedUp)
        {
            Assert.Skip(Text(name, 0));
        }
    }

    /// <summary>What is said of a run that was cut short.</summary>
    public static string Text(string name, int steps) => string.Create(CultureInfo.InvariantCulture,
        $"{name}: {(steps == 0 ? "no step" : $"{steps} steps, compared and right,")} fitted into the {Minutes} minutes of all runs. Set {MinutesVariable} to allow more.");
}
