using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Finds the roles of tokens and the chat template in the files that lie beside tokenizer.json.</summary>
internal static class CompanionFiles
{
    public static TokenNames Read(string folder, JsonPart tokenizer, Vocabulary vocabulary, IReadOnlySet<int> special)
    {
        using JsonFile? config = OpenIfThere(folder, "tokenizer_config.json");
        using JsonFile? map = OpenIfThere(folder, "special_tokens_map.json");
        using JsonFile? generation = OpenIfThere(folder, "generation_config.json");
        using JsonFile? model = OpenIfThere(folder, "config.json");
        JsonPart?[] named = [config?.Root, map?.Root];
        JsonPart?[] numbered = [generation?.Root, model?.Root];
        int? opening = PostProcessorBos(tokenizer["post_processor"], vocabulary);
        List<int> ends = [.. numbered.SelectMany(n => Ids(n?["eos_token_id"])).Where(id => vocabulary.TextOf(id) is not null)];
        int? bos = Named(named, "bos_token", vocabulary) ?? opening ?? Numbered(numbered, "bos_token_id", vocabulary);
        int? eos = Named(named, "eos_token", vocabulary) ?? (ends.Count > 0 ? ends[0] : EndOfGeneration.Guess(vocabulary, special));
        bool addBos = config?.Root["add_bos_token"]?.AsBool() ?? opening is not null;
        return new TokenNames(bos, eos, addBos, EndOfGeneration.Of(vocabulary, special, [.. ends, .. eos is { } end ? [end] : Array.Empty<int>()]), Template(folder, config?.Root));
    }

    private static JsonFile? OpenIfThere(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? JsonFile.Open(path) : null;
    }

    /// <summary>The token that a TemplateProcessing puts in front of a single text.</summary>
    private static int? PostProcessorBos(JsonPart? processor, Vocabulary vocabulary)
    {
        if (processor is not { } part)
        {
            return null;
        }

        if (part["processors"] is { } inner)
        {
            return inner.Items().Select(p => PostProcessorBos(p, vocabulary)).FirstOrDefault(id => id is not null);
        }

        JsonPart? first = part["single"] is { IsArray: true } single ? single.Items().Select(p => (JsonPart?)p).FirstOrDefault() : null;
        return first is { IsObject: true } start && start["SpecialToken"]?["id"] is { } token ? vocabulary.IdOf(token.AsString()) : null;
    }

    private static int? Named(JsonPart?[] files, string name, Vocabulary vocabulary)
    {
        foreach (JsonPart? file in files)
        {
            JsonPart? token = file?[name];
            token = token is { IsObject: true } entry ? entry["content"] : token;
            if (token is { } text && vocabulary.IdOf(text.AsString()) is int id)
            {
                return id;
            }
        }

        return null;
    }

    private static int? Numbered(JsonPart?[] files, string name, Vocabulary vocabulary) =>
        files.SelectMany(f => Ids(f?[name])).Where(id => vocabulary.TextOf(id) is not null).Select(id => (int?)id).FirstOrDefault();

    private static IEnumerable<int> Ids(JsonPart? part) => part switch
    {
        null => [],
        { IsArray: true } list => list.Items().Select(i => i.AsIntOrNull()).OfType<int>(),
        _ => part.Value.AsIntOrNull() is { } id ? [id] : [],
    };

    private static string? Template(string folder, JsonPart? config)
    {
        string path = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(path))
        {
            return JsonFile.ReadText(path);
        }

        JsonPart? template = config?["chat_template"];
        if (template is not { IsArray: true } several)
        {
            return template?.AsString();
        }

        // Several templates with names: the one called default is for chats.
        List<JsonPart> entries = [.. several.Items()];
        return entries.Where(e => e["name"]?.AsString() == "default").Concat(entries).Select(e => e["template"]?.AsString()).FirstOrDefault();
    }
}
