namespace SkPeft.Tensors.Formats;

/// <summary>A mapped file (or several that belong together) of named tensors. Disposing it ends the life of its tensors.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file or folder, as the caller named it.</summary>
    string Path { get; }

    /// <summary>The tensors by their name in the file.</summary>
    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }
}
