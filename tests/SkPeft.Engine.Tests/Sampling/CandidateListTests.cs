using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Sampling;

/// <summary>The filters against their definitions, written plainly.</summary>
public sealed class CandidateListTests
{
    [Fact]
    public void Take_SortsByProbabilityThenId_AndNormalises()
    {
        CandidateList list = Of([0f, 2f, 2f, -1f, 5f]);
        list.Items.Select(c => c.Id).ShouldBe([4, 1, 2, 0, 3]);
        list.Items.Sum(c => c.P).ShouldBe(1, 1e-12);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1023)]
    [InlineData(1025)]
    [InlineData(20_000)]
    public void Take_OfManyLogitsWithTiesAndZeros_IsAStableSort(int count)
    {
        Random random = new(count);
        float[] logits = [.. Enumerable.Range(0, count).Select(i => i % 7 == 0 ? -0f : i % 5 == 0 ? 0f : (float)Math.Round((random.NextDouble() * 20) - 10, 2))];
        Of(logits).Items.Select(c => c.Id).ShouldBe(Enumerable.Range(0, count).OrderByDescending(i => logits[i] + 0f).ThenBy(i => i));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(0, 6)]
    [InlineData(99, 6)]
    public void TopK_KeepsTheKMostProbable(int k, int expected)
    {
        CandidateList list = new();
        list.Take([1f, 6f, 2f, 5f, 3f, 4f], k);
        list.Items.Select(c => c.Id).ShouldBe(new[] { 1, 3, 5, 4, 2, 0 }.Take(expected));
        list.Items.Sum(c => c.P).ShouldBe(1, 1e-12);
    }

    [Theory]
    [InlineData(0.5f, 1)]
    [InlineData(0.51f, 2)]
    [InlineData(0.8f, 2)]
    [InlineData(0.81f, 3)]
    [InlineData(1e-30f, 1)]
    [InlineData(0.9999f, 3)]
    public void TopP_KeepsTheSmallestSetThatReachesP(float p, int expected)
    {
        CandidateList list = Of(Logs(0.3, 0.5, 0.2));
        list.TopP(p);
        list.Items.Select(c => c.Id).ShouldBe(new[] { 1, 0, 2 }.Take(expected));
        list.Items.Sum(c => c.P).ShouldBe(1, 1e-12);
    }

    [Theory]
    [InlineData(0f, 3)]
    [InlineData(0.39f, 3)]
    [InlineData(0.41f, 2)]
    [InlineData(0.61f, 1)]
    [InlineData(1f, 1)]
    public void MinP_DropsWhatIsBelowAShareOfTheBest(float p, int expected)
    {
        CandidateList list = Of(Logs(0.3, 0.5, 0.2));
        list.MinP(p);
        list.Count.ShouldBe(expected);
    }

    [Fact]
    public void Typical_OnRandomDistributions_KeepsWhatTheDefinitionKeeps()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Random random = new(seed);
            double[] weights = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => 0.001 + Math.Pow(random.NextDouble(), 4))];
            double[] p = [.. weights.Select(w => w / weights.Sum())];
            float mass = 0.05f + (0.9f * random.NextSingle());
            double entropy = -p.Sum(x => x * Math.Log(x));
            double sum = 0;
            int[] expected = [.. Enumerable.Range(0, p.Length).OrderBy(i => Math.Abs(-Math.Log(p[i]) - entropy)).TakeWhile(i =>
            {
                bool before = sum < mass;
                sum += p[i];
                return before;
            })];

            CandidateList list = Of(Logs(p));
            list.Typical(mass);

            list.Items.Select(c => c.Id).Order().ShouldBe(expected.Order(), $"seed {seed}");
            list.Items.Select(c => c.P).ShouldBeInOrder(SortDirection.Descending);
        }
    }

    [Fact]
    public void Typical_MayDropTheMostProbable()
    {
        // Entropy 1.57: the token of 0.4 (surprise 0.92) is less typical than those of 0.2 (1.61).
        CandidateList list = Of(Logs(0.4, 0.2, 0.2, 0.2));
        list.Typical(0.5f);
        list.Items.Select(c => c.Id).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void EveryFilter_OnOneCandidate_KeepsIt()
    {
        CandidateList list = Of([-3f]);
        list.Typical(1e-6f);
        list.TopP(1e-6f);
        list.MinP(1);
        list.Draw(0.9999999).ShouldBe(0);
    }

    [Fact]
    public void Take_AgainWithFewerTokens_ForgetsTheFirst()
    {
        CandidateList list = Of([1f, 2f, 3f, 4f]);
        list.Take([7f, 8f], 0);
        list.Items.Select(c => c.Id).ShouldBe([1, 0]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.499, 1)]
    [InlineData(0.501, 0)]
    [InlineData(0.799, 0)]
    [InlineData(0.801, 2)]
    [InlineData(0.99999999999999989, 2)]
    public void Draw_FollowsTheCumulativeDistribution(double uniform, int expected) => Of(Logs(0.3, 0.5, 0.2)).Draw(uniform).ShouldBe(expected);

    private static CandidateList Of(float[] logits)
    {
        CandidateList list = new();
        list.Take(logits, 0);
        return list;
    }

    private static float[] Logs(params double[] probabilities) => [.. probabilities.Select(p => (float)Math.Log(p))];
}
