using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Iapt;

/// <summary>One layer's generator: down-projection → attention pooler → rational activation → up-projection.</summary>
/// <param name="Down">[m, hidden].</param>
/// <param name="Pool">One query for each soft token, [lsp, m].</param>
/// <param name="Numerator">[7], the constant first.</param>
/// <param name="Denominator">[5], the linear coefficient first.</param>
/// <param name="Up">[hidden, m].</param>
/// <param name="Bias">[hidden], [lsp, hidden] or null.</param>
internal sealed record IaptGenerator(Tensor Down, Tensor Pool, Tensor Numerator, Tensor Denominator, Tensor Up, Tensor? Bias)
{
    /// <summary>Gives the soft tokens [lsp, hidden] for the hidden states [n, hidden] of the instruction.</summary>
    public Tensor Generate(Tensor instruction)
    {
        Tensor z = instruction.MatMulTransposed(Down);
        Tensor weights = z.MatMulTransposed(Pool).Softmax(0);
        Tensor pooled = weights.TransposedMatMul(z);
        Tensor prompt = pooled.Rational(Numerator, Denominator).MatMulTransposed(Up);
        return Bias is null ? prompt : prompt.Add(Bias);
    }
}
