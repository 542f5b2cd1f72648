using SkPeft.Connectors.Telemetry;

namespace SkPeft.Connectors.Tests;

public sealed class SharedReadingTests
{
    [Fact]
    public void TheInstrumentsOfOneScrape_ShareAReading_AndTheNextScrapeReadsAnew()
    {
        int reads = 0;
        SharedReading<string> reading = new(() => $"reading {++reads}");

        foreach (int scrape in Enumerable.Range(1, 3))
        {
            new[] { "a", "b", "c" }.Select(reading.For).ShouldBe(Enumerable.Repeat($"reading {scrape}", 3));
        }

        // A listener of one instrument only gets no old reading, and whoever comes next may share it.
        (reading.For("b"), reading.For("b"), reading.For("a")).ShouldBe(("reading 4", "reading 5", "reading 5"));
    }
}
