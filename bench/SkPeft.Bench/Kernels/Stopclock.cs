using System.Diagnostics;

namespace SkPeft.Bench.Kernels;

/// <summary>Times short pieces of work.</summary>
internal static class Stopclock
{
    private const int Rounds = 9;
    private const double WantedSeconds = 0.02;

    /// <summary>The shortest time of one run, in seconds, over several rounds of as many runs as fill 20 ms.</summary>
    /// <remarks>The shortest, because everything that disturbs a run only ever makes it longer.</remarks>
    public static double Best(Action run)
    {
        run();
        int runs = 1;
        while (Seconds(run, runs) < WantedSeconds && runs < 1 << 20)
        {
            runs *= 2;
        }

        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            best = Math.Min(best, Seconds(run, runs) / runs);
        }

        return best;
    }

    private static double Seconds(Action run, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
        {
            run();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
