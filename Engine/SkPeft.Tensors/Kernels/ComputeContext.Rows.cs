namespace SkPeft.Tensors.Kernels;

/// <content>Scales, biases and norms of many adapters.</content>
public sealed unsafe partial class ComputeContext
{
    private readonly RowPassWork _rows;

    /// <summary>Runs what a pass has collected: every row through its own steps, all rows shared among the workers where the size pays for it.</summary>
    /// <param name="pass">The pass; empty does nothing.</param>
    /// <param name="epsilon">ε of its norms.</param>
    internal void Run(RowPass pass, float epsilon = 0)
    {
        if (pass.Steps.Length > 0)
        {
            _rows.Run(pass, epsilon);
        }
    }
}
