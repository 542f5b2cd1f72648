namespace SkPeft.Testing;

/// <summary>Arithmetic on rows [n, width] by plain loops in double precision.</summary>
internal static class Rows
{
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        Tensor y = new(x[0], weight[0]);
        for (int row = 0; row < x[0]; row++)
        {
            for (int output = 0; output < weight[0]; output++)
            {
                double sum = bias?.Data[output] ?? 0f;
                for (int input = 0; input < weight[1]; input++)
                {
                    sum += (double)x.Data[(row * x[1]) + input] * weight.Data[(output * weight[1]) + input];
                }

                y.Data[(row * weight[0]) + output] = (float)sum;
            }
        }

        return y;
    }

    public static Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
    {
        Tensor y = new(x.Shape);
        for (int row = 0; row < x[0]; row++)
        {
            double squares = 0;
            foreach (float value in x.Row(row))
            {
                squares += (double)value * value;
            }

            double scale = 1 / Math.Sqrt((squares / x[1]) + epsilon);
            for (int i = 0; i < x[1]; i++)
            {
                y.Row(row)[i] = (float)(x.Row(row)[i] * scale * gain.Data[i]);
            }
        }

        return y;
    }

    /// <summary>combine(a, b) element by element, where b has as many rows as a, or is one row for all.</summary>
    public static Tensor Combine(Tensor a, Tensor b, Func<double, double, double> combine)
    {
        Tensor c = new(a.Shape);
        for (int i = 0; i < a.Length; i++)
        {
            c.Data[i] = (float)combine(a.Data[i], b.Data[i % b.Length]);
        }

        return c;
    }

    public static Tensor Stack(Tensor above, Tensor below)
    {
        Tensor all = new(above[0] + below[0], above[1]);
        above.Data.CopyTo(all.Data);
        below.Data.CopyTo(all.Data[above.Length..]);
        return all;
    }
}
