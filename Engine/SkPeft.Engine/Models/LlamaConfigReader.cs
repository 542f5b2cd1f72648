using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Reads the configuration of a LLaMA. Strict: what the engine would compute differently is refused by name.</summary>
public static class LlamaConfigReader
{
    /// <summary>Reads <c>config.json</c> of a Hugging Face folder.</summary>
    /// <remarks>
    /// Accepted are <c>LlamaForCausalLM</c> (model_type llama) and <c>MistralForCausalLM</c> whose <c>sliding_window</c> is
    /// explicitly null: without the window its arithmetic is LLaMA's. Keys that are absent have the defaults of transformers'
    /// <c>LlamaConfig</c>, save the sizes, which must be there.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="FileAccessException">The file is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">Malformed, or absurd sizes.</exception>
    /// <exception cref="UnsupportedModelException">An architecture or option that the engine does not have.</exception>
    public static LlamaConfig FromHfConfigJson(string path)
    {
        using ConfigJson json = ConfigJson.Open(path);
        return HfConfigReader.Read(json);
    }

    /// <summary>Reads the metadata of a GGUF file, and from its tensors the vocabulary, tied head and biases.</summary>
    /// <param name="file">The file, of which <c>general.architecture</c> must be llama.</param>
    /// <exception cref="FileFormatException">Keys missing or of another type, or absurd sizes.</exception>
    /// <exception cref="UnsupportedModelException">An architecture or option that the engine does not have.</exception>
    public static LlamaConfig FromGguf(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return GgufConfigReader.Read(file);
    }
}
