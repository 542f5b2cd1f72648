using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Runs a <see cref="RowPass"/>: each worker takes a stretch of all its rows, and every row goes through its steps while it is in the cache.</summary>
internal sealed unsafe class RowPassWork(WorkerTeam team, VectorKernels vectors, long smallWork) : IWork
{
    private RowPass? _pass;
    private float _epsilon;
    private long _rows;

    /// <summary>Runs a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="epsilon">ε of its norms.</param>
    public void Run(RowPass pass, float epsilon)
    {
        ReadOnlySpan<RowItem> items = pass.Items;
        long work = 0;
        _rows = 0;
        for (int i = 0; i < items.Length; i++)
        {
            _rows += items[i].Count;
            work += (long)items[i].Count * items[i].Width * (EndOf(pass, i) - items[i].FirstStep);
        }

        if (work == 0)
        {
            return;
        }

        (_pass, _epsilon) = (pass, epsilon);
        try
        {
            if (team.Count == 1 || work < smallWork)
            {
                Execute(0, 1);
            }
            else
            {
                team.Run(this);
            }
        }
        finally
        {
            _pass = null;
        }
    }

    public void Execute(int worker, int workers)
    {
        RowPass pass = _pass!;
        ReadOnlySpan<RowItem> items = pass.Items;
        long first = _rows * worker / workers, end = _rows * (worker + 1) / workers, before = 0;
        for (int i = 0; i < items.Length && before < end; before += items[i++].Count)
        {
            long from = Math.Max(first - before, 0), to = Math.Min(end - before, items[i].Count);
            if (from < to)
            {
                Run(items[i], pass.Steps[items[i].FirstStep..EndOf(pass, i)], (int)from, (int)to);
            }
        }
    }

    private static int EndOf(RowPass pass, int item) => item + 1 < pass.Items.Length ? pass.Items[item + 1].FirstStep : pass.Steps.Length;

    private void Run(in RowItem item, ReadOnlySpan<RowStep> steps, int first, int end)
    {
        for (long row = first; row < end; row++)
        {
            foreach (ref readonly RowStep step in steps)
            {
                Run(step, item.X + (row * item.StrideX), item.Y + (row * item.StrideY), item.Width);
            }
        }
    }

    private void Run(in RowStep step, float* x, float* y, int width)
    {
        fixed (float* v = step.Vector)
        {
            switch (step.Operation)
            {
                case RowOperation.Copy:
                    new ReadOnlySpan<float>(x, width).CopyTo(new Span<float>(y, width));
                    break;
                case RowOperation.Normalise:
                    vectors.RmsNorm(x, v, _epsilon, y, width);
                    break;
                case RowOperation.Multiply:
                    vectors.Multiply(v, y, width);
                    break;
                case RowOperation.Add:
                    vectors.Axpy(1f, v, y, width);
                    break;
                case RowOperation.Restore:
                    fixed (float* b = step.Bias)
                    {
                        vectors.Restore(v, b, y, width);
                    }

                    break;
                default:
                    throw new InvalidOperationException($"No operation on rows: {step.Operation}.");
            }
        }
    }
}
