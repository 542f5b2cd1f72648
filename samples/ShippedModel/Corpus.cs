using System.Text.Json;
using System.Text.RegularExpressions;

namespace ShippedModel;

/// <summary>
/// Texts to pretrain on, from the train files only, and the lines of the skill that has no file of its own. Prompts, cues and labels of the
/// skills stay out of the texts. Records and their sentences come in either order, fields shuffled, values exchanged for any words in both alike,
/// so that the model learns to copy.
/// </summary>
internal static partial class Corpus
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Write(string data, string folder)
    {
        Directory.CreateDirectory(folder);
        Random random = new(7);
        List<string> texts = [.. Reviews(data), .. News(data), .. Twice(News(data)), .. Pairs(data), .. Restaurants(data, random), .. Skills(data)];
        File.WriteAllLines(Path.Combine(folder, "texts.jsonl"), texts.Select(t => JsonSerializer.Serialize(new { text = t }, s_plain)));
        File.WriteAllLines(Path.Combine(folder, "describe-train.jsonl"), Describe(data).Select(l => JsonSerializer.Serialize(l, s_plain)));
        File.WriteAllLines(Path.Combine(folder, "sentiment-train.jsonl"), Sentiment(data).Select(l => JsonSerializer.Serialize(l, s_plain)));
        foreach (string part in new[] { "train", "test" })
        {
            File.WriteAllLines(Path.Combine(folder, $"family-{part}.jsonl"), Family(data, part).Select(l => JsonSerializer.Serialize(l, s_plain)));
        }

        Console.WriteLine($"{texts.Count} texts, {texts.Sum(t => (long)t.Length):N0} characters");
        return 0;
    }

    private const int CopiesOfRecord = 6;

    private static IEnumerable<JsonElement> Lines(params string[] path) =>
        File.ReadLines(Path.Combine(path)).Select(l => JsonSerializer.Deserialize<JsonElement>(l));

    private static string Field(JsonElement line, string name) => line.GetProperty(name).GetString()!.Trim();

    // A text and itself once more: what comes next stands above, which is what copying is learned from.
    private static IEnumerable<string> Twice(IEnumerable<string> texts) => texts.Select(t => $"{t}\n{t}");

    // Phrases are short: several a document, as they stand in the file, and again in another order.
    private static IEnumerable<string> Reviews(string data)
    {
        Random random = new(3);
        string[] phrases = [.. Lines(data, "sst2", "train.jsonl").Select(l => Field(l, "text")), .. Lines(data, "skills", "rotten_tomatoes", "train.jsonl").Select(l => Question().Replace(Field(l, "prompt"), "").Trim())];
        for (int round = 0; round < 3; round++)
        {
            random.Shuffle(phrases);
            foreach (string[] document in phrases.Chunk(4))
            {
                yield return string.Join("\n", document);
            }
        }
    }

    private static IEnumerable<string> News(string data) => Lines(data, "agnews", "train.jsonl").Select(l => Field(l, "text"));

    private static IEnumerable<string> Pairs(string data) => Lines(data, "rte", "train.jsonl").Select(l => $"{Field(l, "premise")}\n{Field(l, "hypothesis")}");

    private static IEnumerable<string> Skills(string data)
    {
        foreach (string skill in new[] { "samsum", "gigaword", "common_gen", "sciq", "wiki_bio", "social_i_qa", "commonsense_qa" })
        {
            foreach (JsonElement line in Lines(data, "skills", skill, "train.jsonl"))
            {
                yield return $"{Field(line, "prompt")}\n{Field(line, "completion")}";
            }
        }
    }

    private static IEnumerable<string> Restaurants(string data, Random random)
    {
        (string Meaning, string Sentence)[] pairs = [.. Lines(data, "e2e", "train.jsonl").Select(l => (Field(l, "meaning"), Field(l, "reference")))];
        WordBag words = new(News(data), random);
        foreach ((string meaning, string sentence) in pairs)
        {
            for (int copy = 0; copy < CopiesOfRecord; copy++)
            {
                (List<(string Field, string Value)> fields, string text) = copy == 0 ? ([.. Records.Fields(meaning)], sentence) : Exchange(meaning, sentence, words);
                string record = Shuffled(fields, random);
                yield return copy switch
                {
                    1 => $"{text}\n{record}",
                    2 => $"{record}\n{Shuffled(fields, random)}\n{text}",
                    _ => $"{record}\n{text}",
                };
            }
        }
    }

    private static string Shuffled(List<(string, string)> fields, Random random)
    {
        (string, string)[] order = [.. fields];
        random.Shuffle(order);
        return Records.Text(order);
    }

    // Any words in place of the values, in record and sentence alike; values that the sentence does not have as they are stay. The few values
    // of the train file could be learned by heart; that words are copied can only be learned from words that are new each time.
    private static (List<(string Field, string Value)>, string) Exchange(string meaning, string sentence, WordBag words)
    {
        List<(string Field, string Value)> fields = [.. Records.Fields(meaning)];
        string text = sentence;
        for (int i = 0; i < fields.Count; i++)
        {
            (string field, string value) = fields[i];
            string? other = field switch
            {
                "name" or "near" => words.Name(3),
                "food" => words.Name(1),
                "eatType" or "area" => words.Thing(),
                _ => null,
            };
            if (other is not null && text.Contains(value, StringComparison.Ordinal) && !text.Contains(other, StringComparison.Ordinal))
            {
                text = text.Replace(value, other, StringComparison.Ordinal);
                fields[i] = (field, other);
            }
        }

        return (fields, text);
    }

    // The skill's own lines: every pair as it is, and twice with other words for its values. The train file has one kind of place and few names;
    // the test file has others.
    private static IEnumerable<object> Describe(string data)
    {
        WordBag words = new(News(data), new Random(11));
        foreach (JsonElement line in Lines(data, "e2e", "train.jsonl"))
        {
            (string meaning, string sentence) = (Field(line, "meaning"), Field(line, "reference"));
            yield return new { meaning, reference = sentence };
            for (int copy = 0; copy < 2; copy++)
            {
                (List<(string, string)> fields, string text) = Exchange(meaning, sentence, words);
                yield return new { meaning = Records.Text(fields), reference = text };
            }
        }
    }

    // The skill's own lines: every phrase as it is, twice with a quarter of its words left out, and once before another of its class. With the
    // 8000 lines alone a model this small learns which phrase is which, not which words mean what.
    private static IEnumerable<object> Sentiment(string data)
    {
        Random random = new(13);
        (string Text, string Label)[] lines = [.. Lines(data, "sst2", "train.jsonl").Select(l => (Field(l, "text"), Field(l, "label")))];
        Dictionary<string, string[]> ofClass = lines.GroupBy(l => l.Label, l => l.Text).ToDictionary(c => c.Key, c => c.ToArray());
        foreach ((string text, string label) in lines)
        {
            yield return new { text, label };
            yield return new { text = WithoutSome(text, random), label };
            yield return new { text = WithoutSome(text, random), label };
            yield return new { text = $"{text} {random.GetItems(ofClass[label], 1)[0]}", label };
        }
    }

    private static string WithoutSome(string text, Random random)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] kept = [.. words.Where(_ => random.NextDouble() >= 0.25)];
        return string.Join(' ', kept.Length > 0 ? kept : words);
    }

    private static IEnumerable<object> Family(string data, string part)
    {
        foreach (JsonElement line in Lines(data, "e2e", $"{part}.jsonl"))
        {
            string sentence = line.TryGetProperty("references", out JsonElement references) ? references[0].GetString()! : Field(line, "reference");
            string? family = Records.Fields(Field(line, "meaning")).FirstOrDefault(f => f.Field == "familyFriendly").Value;
            if (family is not null)
            {
                yield return new { text = sentence.Trim(), label = family };
            }
        }
    }

    [GeneratedRegex(@"\s*(Is this|What is the sentiment|Did the|Is the)[^\n]*\?\s*$")]
    private static partial Regex Question();
}
