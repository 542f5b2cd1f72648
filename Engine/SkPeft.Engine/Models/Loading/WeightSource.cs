namespace SkPeft.Engine.Models.Loading;

/// <summary>Opens a model, whatever its format.</summary>
public static class WeightSource
{
    /// <summary>Opens a GGUF file or a folder in Hugging Face's layout.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="FileAccessException">Nothing there, or it may not be read.</exception>
    /// <exception cref="FileFormatException">Malformed files, tensors missing or of the wrong shape.</exception>
    /// <exception cref="UnsupportedModelException">An architecture, option or tensor that the engine does not have.</exception>
    public static IWeightSource Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return HfFolderSource.Open(path);
        }

        if (!File.Exists(path))
        {
            throw new FileAccessException(path, "there is no such file or folder",
                "Name a GGUF file, or a folder with config.json and model.safetensors.");
        }

        return Path.GetExtension(path) is ".safetensors" or ".json"
            ? throw new FileAccessException(path, "this is one file of a model folder", "Name the folder that holds it and config.json.")
            : GgufSource.Open(path);
    }
}
