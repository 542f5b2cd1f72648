using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Host.Inputs;

/// <summary>A chat template, and the texts of the tokens that it may write.</summary>
internal sealed record TemplateFile(ChatTemplate Template, string? Bos, string? Eos)
{
    /// <summary>Opens a file of Jinja, or the template that came with a model or tokenizer.</summary>
    /// <exception cref="TemplateException">The template cannot be parsed.</exception>
    public static TemplateFile Open(string path)
    {
        if (!Directory.Exists(path) && !GgufSignature.IsIn(path) && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return new TemplateFile(ChatTemplate.Parse(TextFile.Read(path), path), null, null);
        }

        ITokenizer tokenizer = TokenizerFile.Open(path);
        string source = tokenizer.ChatTemplate
            ?? throw new FileAccessException(path, "there is no chat template in it", "Name a file with one (FILE.jinja), or a model that brings one.");
        return new TemplateFile(ChatTemplate.Parse(source, $"chat template of {path}"), TokenOf(tokenizer, tokenizer.BosId), TokenOf(tokenizer, tokenizer.EosId));
    }

    /// <summary>A role's token as templates write it.</summary>
    public static string? TokenOf(ITokenizer tokenizer, int? id) => id is { } known ? tokenizer.TokenText(known) : null;
}
