using System.Text.Json;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Training.Data;

/// <summary>Fields of a line in the user's templates. Prompt and completion are tokenised apart, without BOS.</summary>
internal sealed class TextLine : ILineReader
{
    private const string LabelOnly = " ";

    private readonly TrainingData _data;
    private readonly ExampleNeeds _needs;
    private readonly LineLabel _label;
    private readonly ITokenizer _tokenizer;
    private readonly FieldTemplate _prompt;
    private readonly FieldTemplate _completion;

    public TextLine(TrainingData data, TextTools tools, ExampleNeeds needs, LineLabel label)
    {
        _data = data;
        _needs = needs;
        _label = label;
        _tokenizer = tools.Tokenizer ?? throw new TrainingException(
            $"{tools.Path} brings no tokenizer, so --prompt cannot be used. Put tokenizer.json beside its weights, or give lines with 'ids' and 'prompt_len'.");
        _prompt = new FieldTemplate(data.Prompt!);
        string byLabel = $"{LabelOnly}{{{data.LabelField}}}";
        _completion = new FieldTemplate(data.Completion ?? (data.Classes.Count > 0 || needs.ClassesOnly
            ? byLabel
            : throw new TrainingException($"--prompt needs --completion, for instance --completion '{byLabel}'.")));
    }

    public Example Read(DataLine line)
    {
        IReadOnlyList<int> prompt = SlottedPrompt.Encode(_tokenizer, _prompt.Fill(line), _needs.Slots);
        if (prompt.Count == 0)
        {
            throw line.Error("the prompt has no tokens.");
        }

        if (_needs.ClassesOnly)
        {
            return new Example { Line = line.Number, Passages = [new Passage([.. prompt], prompt.Count, prompt.Count)], Class = _label.Require(line) };
        }

        if (UsesLabel && line.Find(_data.LabelField) is { ValueKind: JsonValueKind.String } text && string.IsNullOrWhiteSpace(JsonParsing.TextOf(text)))
        {
            throw new UnusableLineException("the completion is empty.");
        }

        int? label = _data.Classes.Count == 0 ? null : _needs.Candidates ? _label.Require(line) : _label.Find(line);
        Candidate[] candidates = _needs.Candidates ? [.. Candidates(line, prompt)] : [];
        Passage passage = candidates.FirstOrDefault(c => c.Class == label)?.Passage ?? Passage.Of(prompt, Completion(line, label), _data.LossOnAll);
        return new Example { Line = line.Number, Passages = [passage], Candidates = candidates, Class = label };
    }

    private bool UsesLabel => _completion.Fields.Any(f => f.Name == _data.LabelField);

    private IReadOnlyList<int> Completion(DataLine line, int? label)
    {
        IReadOnlyList<TextSegment> text = label is { } known && UsesLabel
            ? _completion.Fill(line, _data.LabelField, _data.Classes[known].Words[0])
            : _completion.Fill(line);
        IReadOnlyList<int> ids = _tokenizer.Encode(text);
        bool blank = text.Any(t => !t.Trusted) && text.Where(t => !t.Trusted).All(t => string.IsNullOrWhiteSpace(t.Text));
        return ids.Count == 0 || blank ? throw new UnusableLineException("the completion is empty.") : ids;
    }

    private IEnumerable<Candidate> Candidates(DataLine line, IReadOnlyList<int> prompt)
    {
        for (int i = 0; i < _data.Classes.Count; i++)
        {
            foreach (string word in _data.Classes[i].Words)
            {
                IReadOnlyList<TextSegment> text = UsesLabel ? _completion.Fill(line, _data.LabelField, word) : [new TextSegment(LabelOnly + word, Trusted: true)];
                yield return new Candidate(i, Passage.Of(prompt, _tokenizer.Encode(text), _data.LossOnAll));
            }
        }
    }
}
