using SkPeft.Engine.Tests.Generation;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>
/// Logits do not depend on the processor: 1e-4 in exact precision (sums in another order). Fast precision quantises activations, the same way
/// in every set.
/// </summary>
public sealed class InstructionSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InstructionSetTests() => HfModelFolder.Write(ReferenceLlama.Random(
        SmallEngine.Sizes(61) with { HiddenSize = 64, HeadDim = 16, IntermediateSize = 96, AttentionBias = true }, 12), _folder.Root);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(InstructionSet.Avx2, Precision.Exact)]
    [InlineData(InstructionSet.Avx2, Precision.Fast)]
    [InlineData(InstructionSet.Avx512, Precision.Exact)]
    [InlineData(InstructionSet.Avx512, Precision.Fast)]
    [InlineData(InstructionSet.Avx512Vnni, Precision.Exact)]
    [InlineData(InstructionSet.Avx512Vnni, Precision.Fast)]
    public async Task Logits_AreThoseOfThePortableSet(InstructionSet set, Precision precision)
    {
        Assert.SkipUnless(InstructionSets.Supported.Contains(set), $"This processor has no {set}.");
        float[] expected = await LogitsAsync(InstructionSet.Vector128, precision, 1);
        foreach (int threads in (int[])[1, 2, 3])
        {
            float[] found = await LogitsAsync(set, precision, threads);
            found.Zip(expected, (a, b) => MathF.Abs(a - b)).Max().ShouldBeLessThan(1e-4f, $"{threads} threads");
        }
    }

    private async Task<float[]> LogitsAsync(InstructionSet set, Precision precision, int threads)
    {
        using LanguageModel model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { InstructionSet = set, Precision = precision, Threads = threads });
        List<float> all = [];
        await model.Engine.VisitLogitsAsync(SmallEngine.Text(40, 3, 61), null, 0, (_, logits) => all.AddRange(logits.ToArray()));
        return [.. all];
    }
}
