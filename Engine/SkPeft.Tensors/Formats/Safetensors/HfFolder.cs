namespace SkPeft.Tensors.Formats;

/// <summary>A model folder in Hugging Face's layout.</summary>
public static class HfFolder
{
    /// <summary>Opens <c>model.safetensors</c>, or the shards of <c>model.safetensors.index.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileAccessException">The folder or its weights are missing. Pickle files (<c>.bin</c>) are never read.</exception>
    /// <exception cref="FileFormatException">Malformed files.</exception>
    public static ITensorFile OpenWeights(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new FileAccessException(folder, "there is no such folder", "Name a folder with config.json and model.safetensors.");
        }

        string single = Path.Combine(folder, "model.safetensors");
        string index = Path.Combine(folder, "model.safetensors.index.json");
        if (File.Exists(single))
        {
            return SafetensorsFile.Open(single);
        }

        return File.Exists(index)
            ? ShardedSafetensors.Open(index)
            : throw new FileAccessException(folder, "neither model.safetensors nor model.safetensors.index.json is there",
                "Save the model with safe_serialization=True; pickle files (pytorch_model.bin) are not read.");
    }
}
