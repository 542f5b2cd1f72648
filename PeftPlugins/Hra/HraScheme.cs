using SkPeft.Tensors;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Hra;

/// <summary>
/// W' = W H₀ H₁ … with Hᵢ = I − 2 uᵢ uᵢᵀ, uᵢ of length 1; with Gram-Schmidt W' = W (I − 2 V Vᵀ), the columns of V an orthonormal basis of the u.
/// Either is W minus a product of rank r.
/// </summary>
/// <param name="options">What all such methods share.</param>
/// <param name="rank">r.</param>
/// <param name="orthogonal">Whether Gram-Schmidt is applied (<c>apply_GS</c>).</param>
/// <param name="startsAtBase">Whether reflections start in pairs that undo each other.</param>
internal sealed class HraScheme(LayerOptions options, int rank, bool orthogonal, bool startsAtBase) : LayerScheme(options)
{
    private const string Vectors = "hra_u";

    /// <summary>Reads the configuration.</summary>
    public static HraScheme Read(AdapterConfigReader reader)
    {
        int rank = reader.Integer("r", 8);
        if (rank < 1)
        {
            reader.Problem($"r is {rank}; at least 1 is supported");
        }

        return new HraScheme(LayerOptions.Read(reader, hasBias: true), rank, reader.Flag("apply_GS", false), reader.Flag("init_weights", true));
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        // Pairs of equal vectors have no orthonormal basis of so many: with Gram-Schmidt they are drawn one by one.
        bool pairs = startsAtBase && !orthogonal && rank % 2 == 0;
        return [new LayerTensor(Vectors, layer.Inputs, rank) { Start = pairs ? Pairs : Starts.Kaiming }];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor rows = tensors[Vectors].Transpose();
        Tensor units = orthogonal ? Orthonormal(rows) : rows.Divide(rows.RowNorms());
        Tensor reflected = weight().MatMulTransposed(units);
        return [new LowRankEffect(layer.Site, units, orthogonal ? reflected : Chain(reflected, units), -2)];
    }

    private static Tensor Pairs(Random random, int[] shape)
    {
        Tensor half = StartValues.KaimingUniform(random, shape[0], shape[1] / 2);
        return half.Reshape(shape[0], shape[1] / 2, 1).BroadcastTo(shape[0], shape[1] / 2, 2).Reshape(shape);
    }

    /// <summary>
    /// The columns cᵢ = W H₀ … Hᵢ₋₁ uᵢ, of which W H₀ H₁ … = W − 2 Σ cᵢ uᵢᵀ: from cᵢ + 2 Σ_{j&lt;i} cⱼ (uⱼ · uᵢ) = W uᵢ, for all i at once.
    /// </summary>
    private Tensor Chain(Tensor reflected, Tensor units)
    {
        Tensor twiceAbove = new(rank, rank);
        Tensor diagonal = new(rank, rank);
        for (int i = 0; i < rank; i++)
        {
            diagonal.Row(i)[i] = 1;
            twiceAbove.Row(i)[(i + 1)..].Fill(2);
        }

        Tensor system = units.MatMulTransposed(units).Multiply(twiceAbove).Add(diagonal);
        return reflected.MatMul(system.Reshape(1, rank, rank).Inverse().Reshape(rank, rank));
    }

    // Gram and Schmidt: of each row, what the rows before do not have.
    private Tensor Orthonormal(Tensor rows)
    {
        Tensor basis = Unit(rows.Slice(0, 0, 1));
        for (int i = 1; i < rank; i++)
        {
            Tensor row = rows.Slice(0, i, 1);
            Tensor rest = row.Subtract(row.MatMulTransposed(basis).MatMul(basis));
            basis = TensorOps.Concat(0, basis, Unit(rest));
        }

        return basis;
    }

    private static Tensor Unit(Tensor row) => row.Divide(row.RowNorms());
}
