using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Norms: every row with its adapter's gain or the base's, all rows of a step in one pass.</summary>
internal sealed unsafe class NormRunner(ComputeContext compute, float epsilon)
{
    private readonly RowPass _pass = new();

    /// <summary>y = the norm of x; y may be x.</summary>
    /// <param name="site">The norm.</param>
    /// <param name="gain">The base's gain.</param>
    /// <param name="groups">Which adapter's effects touch which rows, in the order of the rows; together all rows of x.</param>
    /// <param name="x">Rows.</param>
    /// <param name="y">As many rows.</param>
    public void Run(NormSite site, float* gain, ReadOnlySpan<PlanRows> groups, Rows x, Rows y)
    {
        try
        {
            int done = 0;
            foreach (PlanRows group in groups)
            {
                if (group.Plan.At(site) is { } own)
                {
                    Add(RowVector.Of(gain), x, y, done, group.First);
                    done = group.First + group.Count;
                    Add(RowVector.Of(own), x, y, group.First, done);
                }
            }

            Add(RowVector.Of(gain), x, y, done, x.Count);
            compute.Run(_pass, epsilon);
        }
        finally
        {
            _pass.Clear();
        }
    }

    private void Add(RowVector gain, Rows x, Rows y, int first, int end)
    {
        if (end > first)
        {
            _pass.Begin(x.Row(first), x.Stride, y.Row(first), y.Stride, end - first, x.Width);
            _pass.Then(new RowStep(RowOperation.Normalise, gain));
        }
    }
}
