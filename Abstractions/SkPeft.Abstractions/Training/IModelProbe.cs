namespace SkPeft;

/// <summary>What the frozen base does with given words: starts from real words are made of it.</summary>
public interface IModelProbe
{
    /// <summary>Whether the model has a tokenizer, so that <see cref="Tokenize"/> can be asked.</summary>
    bool HasTokenizer => true;

    /// <summary>The token that the tokenizer puts in front of a text unless somebody says otherwise (BOS), or null.</summary>
    int? OpeningId => null;

    /// <summary>The ids of a text, without special tokens.</summary>
    /// <exception cref="InvalidOptionException">The model has no tokenizer.</exception>
    IReadOnlyList<int> Tokenize(string text);

    /// <summary>The token embeddings, [n, hidden].</summary>
    Tensor Embeddings(IReadOnlyList<int> ids);

    /// <summary>The residual stream in front of every layer, [n, hidden] each, for ids at positions 0 … n−1 of the bare base.</summary>
    IReadOnlyList<Tensor> HiddenStates(IReadOnlyList<int> ids);

    /// <summary>Every layer's rotated keys and values, [n, key-value width] each, for ids at positions 0 … n−1 of the bare base.</summary>
    IReadOnlyList<(Tensor Keys, Tensor Values)> KeysAndValues(IReadOnlyList<int> ids);
}
