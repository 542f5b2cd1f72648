using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Oft;

/// <summary>How a skew-symmetric matrix Q becomes a rotation.</summary>
/// <param name="Terms">Terms of the series that takes the place of the inverse (<c>num_cayley_neumann_terms</c>), or null for the exact rotation.</param>
internal sealed record Cayley(int? Terms)
{
    /// <summary>Reads the keys.</summary>
    public static Cayley Read(AdapterConfigReader reader)
    {
        int terms = reader.Integer("num_cayley_neumann_terms", 5);
        bool says = reader.Get("use_cayley_neumann") is not null;
        bool series = reader.Flag("use_cayley_neumann", true);

        // Versions before summed another series, and did not write their version either. Who leaves the choice to the default has no old file.
        if (series && says && !IsRecent(reader.Text("peft_version", "")))
        {
            reader.Problem(
                $"use_cayley_neumann is true and peft_version is {reader.Text("peft_version", "missing")}; before {OftScheme.FirstVersion} peft summed " +
                "another series, which is not supported: train again, or add peft_version if a later one wrote the file");
        }

        return new Cayley(series ? terms : null);
    }

    /// <summary>The rotations.</summary>
    /// <param name="skew">Q, [blocks, size, size].</param>
    public Tensor Rotations(Tensor skew)
    {
        Tensor identity = Identity(skew[1]);
        if (Terms is not { } terms)
        {
            // (I − Q)(I + Q)⁻¹ = 2 (I + Q)⁻¹ − I.
            return identity.Add(skew).Inverse().Scale(2).Subtract(identity);
        }

        // I + 2 Q + 2 Q² + …, the last power once; HF stops so that 3 terms are the 4 terms that 4 gives, and 2 end with 2 Q.
        Tensor sum = identity.BroadcastTo(skew.Shape);
        if (terms > 1)
        {
            sum = sum.Add(skew.Scale(2));
        }

        if (terms > 2)
        {
            Tensor power = skew.MatMulBatched(skew);
            sum = sum.Add(power.Scale(2));
            for (int exponent = 3; exponent < terms - 1; exponent++)
            {
                power = power.MatMulBatched(skew);
                sum = sum.Add(power.Scale(2));
            }

            sum = sum.Add(power.MatMulBatched(skew));
        }

        return sum;
    }

    // Of 0.20.1.dev0 or 0.18.0rc1 the numbers count.
    private static bool IsRecent(string version)
    {
        IEnumerable<string> numbers = version.Split('.').Select(p => string.Concat(p.TakeWhile(char.IsAsciiDigit))).TakeWhile(p => p.Length > 0).Take(3);
        return Version.TryParse(string.Join('.', numbers), out Version? parsed) && parsed >= Version.Parse(OftScheme.FirstVersion);
    }

    private static Tensor Identity(int size)
    {
        Tensor identity = new(size, size);
        for (int i = 0; i < size; i++)
        {
            identity.Row(i)[i] = 1;
        }

        return identity;
    }
}
