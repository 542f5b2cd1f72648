using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Boft;

/// <summary>
/// Multiplicative dropout (arXiv 2311.06243, section 5): in every step of training, of one butterfly factor some of the blocks are the identity. The
/// others are not scaled.
/// </summary>
/// <param name="module">The layer.</param>
/// <param name="share">The share of the factor's blocks, rounded down.</param>
internal sealed class BlockDropout(string module, float share)
{
    /// <summary>The blocks with some replaced; themselves outside of steps.</summary>
    /// <param name="rotations">[factors, blocks, size, size].</param>
    public Tensor Apply(Tensor rotations)
    {
        // Serving looks no further: there the share may be any number.
        if (share == 0 || StepDraws.Choices(module) is not { } random)
        {
            return rotations;
        }

        (int factors, int blocks, int size) = (rotations[0], rotations[1], rotations[2]);

        // By way of decimal, where 0.7 of 10 are 7, as they are for Python: of the float they are less.
        int count = (int)((decimal)share * blocks);
        int factor = random.Next(factors);
        int[] order = [.. Enumerable.Range(0, blocks)];
        random.Shuffle(order);
        Tensor kept = new(factors, blocks, 1, 1), identities = new(factors, blocks, size, size);
        kept.Data.Fill(1);
        foreach (int block in order.AsSpan(0, count))
        {
            int place = (factor * blocks) + block;
            kept.Data[place] = 0;
            for (int i = 0; i < size; i++)
            {
                identities.Data[(((place * size) + i) * size) + i] = 1;
            }
        }

        return rotations.Multiply(kept).Add(identities);
    }
}
