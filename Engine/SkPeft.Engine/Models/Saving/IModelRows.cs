namespace SkPeft.Engine.Models.Saving;

/// <summary>The numbers of a model that is to be written: fp32, row by row, under Hugging Face's names and in its order.</summary>
public interface IModelRows
{
    /// <summary>Reads one row.</summary>
    /// <param name="name">The tensor, for instance <c>model.layers.3.self_attn.q_proj.weight</c>.</param>
    /// <param name="row">The row, 0-based; a norm or a bias is one row.</param>
    /// <param name="to">As many numbers as the row has.</param>
    void Read(string name, long row, Span<float> to);
}
