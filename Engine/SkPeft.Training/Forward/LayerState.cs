namespace SkPeft.Training.Forward;

/// <summary>What a layer of the bare base sees and remembers of a text.</summary>
/// <param name="Hidden">The residual stream in front of it, [n, hidden].</param>
/// <param name="Keys">Its rotated keys, [n, key-value width].</param>
/// <param name="Values">Its values, [n, key-value width].</param>
internal sealed record LayerState(Tensor Hidden, Tensor Keys, Tensor Values);
