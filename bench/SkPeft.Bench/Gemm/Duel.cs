using System.Diagnostics;
using System.Globalization;

namespace SkPeft.Bench.Gemm;

/// <summary>One product, ours and the peer's in alternation.</summary>
internal sealed class Duel(string name, GemmShape shape, Action own, Action? peer)
{
    private const double RoundSeconds = 0.03;

    // A library's threads spin for a while after their work, and would take the cores from whoever comes next.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(60);

    private readonly List<double> _own = [];
    private readonly List<double> _peer = [];

    /// <summary>Ratio of the medians; NaN without a peer.</summary>
    public double Ratio => _peer.Count == 0 ? double.NaN : Statistics.Median(_own) / Statistics.Median(_peer);

    public async Task RunAsync(int rounds)
    {
        own();
        peer?.Invoke();
        for (int round = 0; round < rounds; round++)
        {
            _own.Add(await MeasureAsync(own));
            if (peer is not null)
            {
                _peer.Add(await MeasureAsync(peer));
            }
        }
    }

    /// <summary>A line of the report.</summary>
    /// <param name="peak">The machine's GFLOP/s.</param>
    public string Row(double peak) => string.Create(CultureInfo.InvariantCulture,
        $"| {shape.Rows} | {shape.Inputs} → {shape.Outputs} ({shape.Layer}) | {name} | {Figures(_own)} | {(_peer.Count == 0 ? "–" : Figures(_peer))} | {Ratio:F2} | {Statistics.Median(_own) / peak:P0} |");

    private static string Figures(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(values):F0} ({values.Min():F0} – {values.Max():F0})");

    // GFLOP/s of as many runs as fill a round.
    private async Task<double> MeasureAsync(Action run)
    {
        await Task.Delay(s_pause);
        run();
        int runs = 0;
        long start = Stopwatch.GetTimestamp();
        double seconds;
        do
        {
            run();
            runs++;
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (seconds < RoundSeconds);
        return shape.Gigaflops * runs / seconds;
    }
}
