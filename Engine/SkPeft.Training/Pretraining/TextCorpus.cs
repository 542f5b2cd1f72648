using System.Text.Json;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Training.Pretraining;

/// <summary>Documents on their way into windows of equal length: tokenised, shuffled, each closed by the token that ends a text.</summary>
public static class TextCorpus
{
    /// <summary>Reads documents: the lines of a <c>.jsonl</c> file (its field <c>text</c>), or the paragraphs of any other file, parted by empty lines.</summary>
    /// <exception cref="FileAccessException">There is no such file.</exception>
    /// <exception cref="FileFormatException">A line is no object with a text.</exception>
    public static IEnumerable<string> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileAccessException(path, "there is no such file", "Give text files, or JSON Lines with a field \"text\".");
        }

        if (Path.GetExtension(path) != ".jsonl")
        {
            return File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return File.ReadLines(path).Select((line, index) => (line, index)).Where(l => l.line.Length > 0).Select(l => TextOf(path, l.line, l.index + 1));
    }

    /// <summary>Cuts documents into windows.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="end">The token that ends a text.</param>
    /// <param name="length">Tokens of a window.</param>
    /// <param name="random">Shuffles the documents.</param>
    public static IEnumerable<int[]> Windows(IEnumerable<string> documents, ITokenizer tokenizer, int end, int length, Random random)
    {
        string[] shuffled = [.. documents];
        random.Shuffle(shuffled);
        List<int> waiting = [end];
        foreach (string document in shuffled)
        {
            waiting.AddRange(tokenizer.Encode(document));
            waiting.Add(end);
            while (waiting.Count >= length)
            {
                yield return [.. waiting.Take(length)];

                // The last token of a window begins the next: every token is predicted once.
                waiting.RemoveRange(0, length - 1);
            }
        }
    }

    private static string TextOf(string path, string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("text").GetString() ?? throw new KeyNotFoundException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FileFormatException(path, $"line {number}", e.Message, "an object with a string 'text'", e);
        }
    }
}
