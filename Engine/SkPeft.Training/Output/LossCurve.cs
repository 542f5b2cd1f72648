using System.Globalization;
using System.Text;

namespace SkPeft.Training.Output;

/// <summary>The curve of a run as SVG: every loss, their running mean, and what was measured on held-out lines.</summary>
internal static class LossCurve
{
    private const int Width = 720, Height = 360, Left = 56, Right = 56, Top = 40, Bottom = 40;

    // The share of a new value in the running mean.
    private const double Smoothing = 0.1;

    /// <summary>Draws it.</summary>
    /// <param name="title">What was trained.</param>
    /// <param name="losses">The loss of every step.</param>
    /// <param name="evaluations">What was measured.</param>
    public static string Draw(string title, IReadOnlyList<double> losses, IReadOnlyList<Evaluation> evaluations)
    {
        double most = Math.Max(losses.DefaultIfEmpty(1).Max(), evaluations.Select(e => e.MeanLoss).DefaultIfEmpty(0).Max());
        most = most > 0 && double.IsFinite(most) ? most : 1;
        int steps = Math.Max(1, losses.Count);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n<text x=\"{Left}\" y=\"24\" font-size=\"15\">{Escape(title)}</text>\n");
        for (int i = 0; i <= 4; i++)
        {
            double y = Y(most * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y:0.#}H{Width - Right}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{most * i / 4:0.###}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 14}\">step 0</text><text x=\"{Width - Right}\" y=\"{Height - 14}\" text-anchor=\"end\">{losses.Count}</text>\n");
        Line(svg, "loss", "#9ec5fe", losses.Select((l, i) => (X(i + 0.5), Y(l))));
        Line(svg, "mean", "#0d6efd", Smooth(losses).Select((l, i) => (X(i + 0.5), Y(l))));
        Line(svg, "held-out loss", "#dc3545", evaluations.Select(e => (X(e.Step), Y(e.MeanLoss))));
        Line(svg, "accuracy (0 to 1)", "#198754", evaluations.Where(e => e.Accuracy is not null).Select(e => (X(e.Step), Y(e.Accuracy!.Value * most))));
        return svg.Append("</svg>\n").ToString();

        double X(double step) => Left + ((Width - Left - Right) * step / steps);
        double Y(double loss) => Height - Bottom - ((Height - Top - Bottom) * loss / most);
    }

    private static IEnumerable<double> Smooth(IReadOnlyList<double> losses)
    {
        double mean = 0;
        for (int i = 0; i < losses.Count; i++)
        {
            mean = i == 0 ? losses[0] : mean + (Smoothing * (losses[i] - mean));
            yield return mean;
        }
    }

    private static void Line(StringBuilder svg, string name, string colour, IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] all = [.. points.Where(p => double.IsFinite(p.Y))];
        if (all.Length == 0)
        {
            return;
        }

        string path = string.Join(' ', all.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##},{p.Y:0.##}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{path}\"><title>{name}</title></polyline>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right + 4}\" y=\"{all[^1].Y + 4:0.#}\" fill=\"{colour}\" font-size=\"9\">{name}</text>\n");
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
