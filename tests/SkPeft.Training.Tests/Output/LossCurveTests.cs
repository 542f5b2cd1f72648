using System.Xml.Linq;
using SkPeft.Training.Output;

namespace SkPeft.Training.Tests.Output;

public sealed class LossCurveTests
{
    [Fact]
    public void A_curve_has_a_line_for_losses_their_mean_and_what_was_measured()
    {
        XDocument svg = XDocument.Parse(LossCurve.Draw("a & <b>", [3, 2, 1.5, 1], [new Evaluation(2, 0.5, 2.2), new Evaluation(4, 0.75, 1.8)]));

        XNamespace space = "http://www.w3.org/2000/svg";
        svg.Descendants(space + "polyline").Select(l => l.Value).ShouldBe(["loss", "mean", "held-out loss", "accuracy (0 to 1)"]);
        svg.Descendants(space + "text").First().Value.ShouldBe("a & <b>");
        double[] heights = [.. svg.Descendants(space + "polyline").First().Attribute("points")!.Value.Split(' ').Select(p => double.Parse(p.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture))];
        heights.SequenceEqual(heights.Order()).ShouldBeTrue("a falling loss goes down the page");
    }

    [Theory]
    [InlineData()]
    [InlineData(0.0)]
    [InlineData(double.PositiveInfinity, 1.0)]
    public void Curves_of_nothing_zeros_and_infinities_are_drawn(params double[] losses) =>
        XDocument.Parse(LossCurve.Draw("t", losses, [])).Root.ShouldNotBeNull();
}
