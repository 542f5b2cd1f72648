using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

/// <summary>Attention over rows, and its gradients against central differences (1e-5 of the norm); outputs within 3e-6.</summary>
public sealed class RowAttentionTests
{
    public static TheoryData<InstructionSet> Sets => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_SequencesOfSeveralLengths_MatchDifferences(InstructionSet set) =>
        Check(set, 2, 2, 3, [(1, -1), (2, -1), (5, -1)], []);

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_GroupedHeads_AddUpInTheirKeys(InstructionSet set) => Check(set, 6, 2, 4, [(7, -1), (3, -1)], []);

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_PrefixesOfTheirOwn_AreSeenByEveryRow(InstructionSet set) => Check(set, 3, 1, 5, [(4, 0), (6, 1), (2, -1)], [2, 17]);

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_SharedPrefix_CollectsTheGradientsOfAll(InstructionSet set) =>
        Check(set, 4, 2, 2, [(3, 0), (1, 0), (5, 0), (4, 1)], [3, 1]);

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_MoreRowsThanABlock_MatchDifferences(InstructionSet set) => Check(set, 2, 1, 2, [(100, 0)], [5]);

    [Theory]
    [MemberData(nameof(Sets))]
    public void AttendRows_AnyNumberOfThreads_GivesTheSameBits(InstructionSet set)
    {
        var attention = new RowAttentionCase(9, 3, 64, [(130, 0), (61, 0), (1, 0), (40, 1), (17, -1)], [10, 33]);
        attention.Run(set, 1);
        (float[] output, float[] rows, float[][] prefixes) = (attention.Output, attention.FusedGradient, attention.PrefixGradients);
        foreach (int threads in new[] { 2, 5, 2 })
        {
            attention.Run(set, threads);
            attention.Output.AsSpan().SequenceEqual(output).ShouldBeTrue();
            attention.FusedGradient.AsSpan().SequenceEqual(rows).ShouldBeTrue();
            for (int p = 0; p < prefixes.Length; p++)
            {
                attention.PrefixGradients[p].AsSpan().SequenceEqual(prefixes[p]).ShouldBeTrue();
            }
        }
    }

    private static void Check(InstructionSet set, int heads, int keyHeads, int dim, (int, int)[] sequences, int[] prefixes)
    {
        var attention = new RowAttentionCase(heads, keyHeads, dim, sequences, prefixes);
        attention.Run(set, 2);
        attention.Check($"{set} {heads}/{keyHeads} heads of {dim}");
    }
}
