using SkPeft.Training.Data;

namespace SkPeft.Training.Loop;

/// <summary>Cuts a step's examples into the parts that run through the model at one time, in their order.</summary>
/// <param name="microBatch">Examples in a part; null: by rows.</param>
/// <param name="rowsOf">Rows of an example's passages, soft tokens included.</param>
internal sealed class StepParts(int? microBatch, Func<Example, int> rowsOf)
{
    /// <summary>
    /// About so many rows make a part. By then the weights are read often enough for one reading to cost nothing, while what a layer hands
    /// to the next one (rows × 1536 × 4 bytes on SmolLM2) still lies in the caches: a row of more costs more, and takes memory
    /// (bench/results: training).
    /// </summary>
    public const int EnoughRows = 512;

    /// <summary>The parts; examples of like number of rows give parts of like size.</summary>
    public IEnumerable<Example[]> Of(IReadOnlyList<Example> examples) =>
        microBatch is { } size ? examples.Chunk(size) : ByRows(examples);

    private IEnumerable<Example[]> ByRows(IReadOnlyList<Example> examples)
    {
        long all = examples.Sum(e => (long)rowsOf(e)), before = 0, parts = (all + EnoughRows - 1) / EnoughRows;
        List<Example> part = [];
        long number = 0;
        foreach (Example example in examples)
        {
            // The part that its middle falls into.
            int rows = rowsOf(example);
            long own = parts * ((2 * before) + rows) / (2 * Math.Max(1, all));
            if (own > number && part.Count > 0)
            {
                yield return [.. part];
                part.Clear();
            }

            number = own;
            part.Add(example);
            before += rows;
        }

        if (part.Count > 0)
        {
            yield return [.. part];
        }
    }
}
