using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>Writes a LLaMA as a folder in Hugging Face's layout: <c>config.json</c>, <c>model.safetensors</c> (F32), and the tokenizer's files.</summary>
public static class HfFolderWriter
{
    // What TokenizerLoader reads beside a tokenizer.json and is the tokenizer's own.
    private static readonly string[] s_companions = ["tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja"];

    /// <summary>Writes a folder. Every file is written whole or not at all, and config.json last: a folder that has it is complete.</summary>
    /// <param name="folder">The folder; it is made where it is not there, and files of these names in it are replaced.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="rows">Its weights.</param>
    /// <param name="tokenizer">A <c>tokenizer.json</c> to copy, with the files that belong to it, or null.</param>
    /// <exception cref="FileAccessException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidOptionException">A rotary scaling that config.json cannot say.</exception>
    public static void Write(string folder, LlamaConfig config, IModelRows rows, string? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(rows);
        byte[] json = HfConfigText.Of(config);
        CreateFolder(folder);
        if (tokenizer is not null)
        {
            CopyTokenizer(tokenizer, folder);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), LlamaTensor.ListOf(config.Sizes).Select(tensor =>
            new SafetensorsEntry(tensor.Name, tensor.Shape, (row, to) => rows.Read(tensor.Name, row, to))),
            new Dictionary<string, string> { ["format"] = "pt" });
        AtomicFile.Write(Path.Combine(folder, "config.json"), stream => stream.Write(json));
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.CannotWrite(folder, e);
        }
    }

    private static void CopyTokenizer(string tokenizer, string folder)
    {
        Copy(tokenizer, Path.Combine(folder, "tokenizer.json"));
        string from = Path.GetDirectoryName(Path.GetFullPath(tokenizer)) ?? ".";
        foreach (string name in s_companions.Where(name => File.Exists(Path.Combine(from, name))))
        {
            Copy(Path.Combine(from, name), Path.Combine(folder, name));
        }
    }

    private static void Copy(string from, string to)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(from);
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.CannotRead(from, e);
        }

        AtomicFile.Write(to, stream => stream.Write(content));
    }
}
