namespace SkPeft.Engine.Models;

/// <summary>
/// llama.cpp's converter reorders the rows of q_proj and k_proj (and their biases) within each head, so that pairs lie side by
/// side. Adapters expect Hugging Face's order: undo it when the weights are read.
/// </summary>
public static class RopePermutation
{
    /// <summary>The row of an interleaved file that holds row <paramref name="row"/> of Hugging Face's order.</summary>
    /// <param name="row">The row, 0-based, over all heads.</param>
    /// <param name="headDim">Width of a head, even.</param>
    public static int InterleavedRowOf(int row, int headDim)
    {
        int inHead = row % headDim;
        int half = headDim / 2;
        return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    }

    /// <summary><see cref="InterleavedRowOf"/> for all rows: entry r is where row r lies in the file.</summary>
    /// <param name="rows">Rows of the matrix, a multiple of <paramref name="headDim"/>.</param>
    /// <param name="headDim">Width of a head, even.</param>
    public static int[] FileRows(int rows, int headDim)
    {
        int[] order = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            order[row] = InterleavedRowOf(row, headDim);
        }

        return order;
    }
}
