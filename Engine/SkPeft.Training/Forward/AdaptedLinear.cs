using SkPeft.Engine.Models.Llama;

namespace SkPeft.Training.Forward;

/// <summary>Linear layers of the frozen base with the adapters' effects, by the cheapest of the ways that do.</summary>
internal sealed class AdaptedLinear
{
    private readonly PlainLinear _plain;
    private readonly ReplacedLinear _replaced;
    private readonly GeneralLinear _general;

    public AdaptedLinear(ForwardContext context)
    {
        FrozenProduct products = new(context);
        _plain = new PlainLinear(context, products);
        _replaced = new ReplacedLinear(context);
        _general = new GeneralLinear(products, new DenseProduct(context));
    }

    /// <summary>y = x Wᵀ + b with effects, [n, Σ out].</summary>
    public Tensor Apply(FusedLinear linear, RowGroups groups, Tensor x) =>
        PlainLinear.Suits(linear, groups) ? _plain.Apply(linear, groups, x)
        : ReplacedLinear.Suits(linear, groups) ? _replaced.Apply(linear, groups, x)
        : _general.Apply(linear, groups, x);
}
