using SkPeft.Engine.Models.Llama;

namespace SkPeft.Training.Forward;

/// <summary>Linear layers of the frozen base with the adapters' effects.</summary>
internal sealed class AdaptedLinear
{
    private readonly PlainLinear _plain;
    private readonly GeneralLinear _general;

    public AdaptedLinear(ForwardContext context)
    {
        FrozenProduct products = new(context);
        _plain = new PlainLinear(context, products);
        _general = new GeneralLinear(products, new DenseProduct(context));
    }

    /// <summary>y = x Wᵀ + b with effects, [n, Σ out].</summary>
    public Tensor Apply(FusedLinear linear, RowGroups groups, Tensor x) =>
        PlainLinear.Suits(linear, groups) ? _plain.Apply(linear, groups, x) : _general.Apply(linear, groups, x);
}
