using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Training.Data;

/// <summary>What reading lines takes of a model.</summary>
/// <param name="Path">The model, for messages.</param>
/// <param name="Tokenizer">The tokenizer, or null where the files bring none.</param>
/// <param name="Template">The chat template, asked for when it is needed; null where there is none.</param>
/// <param name="Vocabulary">Entries of the vocabulary.</param>
internal sealed record TextTools(string Path, ITokenizer? Tokenizer, Func<ChatTemplate?> Template, int Vocabulary);

/// <summary>What a run needs of every example.</summary>
/// <param name="Candidates">Whether the words of all classes are needed.</param>
/// <param name="ClassesOnly">Whether only the class is learned (a classifier's head): there is no completion.</param>
/// <param name="TurnByTurn">Whether every answer of a conversation is a sequence of its own: a method that reads the instruction must see each one's.</param>
internal sealed record ExampleNeeds(bool Candidates = false, bool ClassesOnly = false, bool TurnByTurn = false)
{
    /// <summary>The soft tokens that every prompt must have places for, or null.</summary>
    public SoftSlots? Slots { get; init; }

    /// <summary>Whether it is not known yet if there are soft tokens: places for them in token ids are let pass.</summary>
    public bool SlotsUnknown { get; init; }
}

/// <summary>Turns the lines of a file into examples.</summary>
internal sealed class ExampleReader
{
    private readonly TrainingData _data;
    private readonly SoftSlots? _slots;
    private readonly IdsLine _ids;
    private readonly ILineReader? _lines;

    public ExampleReader(TrainingData data, TextTools tools, ExampleNeeds needs)
    {
        _data = data;
        _slots = needs.Slots;
        LineLabel label = new(data);
        _ids = new IdsLine(data, tools.Vocabulary, needs, label);
        _lines = data.Chat ? new ChatLine(data, tools, needs) : data.Prompt is null ? null : new TextLine(data, tools, needs, label);
    }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="DataLineException">A line cannot be used.</exception>
    /// <exception cref="FileFormatException">Nothing is left to learn from.</exception>
    public ExampleSet Read()
    {
        JsonLines file = new(_data.Path);
        List<Example> examples = [];
        List<SkippedLine> skipped = [];
        int count = 0;
        foreach (RawLine raw in file.Read())
        {
            // The rest is read for its digest only.
            if (count++ >= _data.Limit)
            {
                continue;
            }

            if (raw.TooLong)
            {
                Skip(skipped, raw.Number, raw.TooLongText());
                continue;
            }

            DataLine line = raw.Parse();
            try
            {
                Example example = ReaderOf(line).Read(line) with { Task = TaskOf(line) };
                CheckSlots(line, example);
                examples.Add(example);
            }
            catch (UnusableLineException e)
            {
                Skip(skipped, line.Number, e.Message);
            }
            catch (Exception e) when (e is TemplateException or InvalidOptionException)
            {
                throw line.Error(e.Message, e);
            }
        }

        return new ExampleSet(_data, examples, skipped, file.Digest);
    }

    private ILineReader ReaderOf(DataLine line) =>
        line.Find(IdsLine.Field) is not null && (_lines is null || line.Find(IdsLine.LengthField) is not null) ? _ids
        : _lines ?? throw line.Error("there is no field 'ids'; give --prompt and --completion, or --chat, for lines of text.");

    private void CheckSlots(DataLine line, Example example)
    {
        foreach (Passage passage in _slots is null ? [] : example.Passages.Concat(example.Candidates.Select(c => c.Passage)))
        {
            _slots!.Require(passage.Ids.Take(passage.PromptLength), "the method");
            if (passage.Ids.Skip(passage.LossFrom).Any(id => id < 0))
            {
                throw line.Error("a soft token stands where a loss would be, and is no token that could be predicted. Put all of them into the prompt, and use \"loss\": \"completion\".");
            }
        }
    }

    private void Skip(List<SkippedLine> skipped, int line, string reason)
    {
        if (!_data.SkipUnusable)
        {
            throw new DataLineException(_data.Path, line, $"{reason} (\"skip\": true in --options passes over such lines and counts them)");
        }

        skipped.Add(new SkippedLine(line, reason));
    }

    private static int TaskOf(DataLine line) =>
        line.Find("task_id") is not { } value ? 0
        : value.ValueKind == System.Text.Json.JsonValueKind.Number && value.TryGetInt32(out int task) && task >= 0 ? task
        : throw line.Error($"'task_id' is {JsonParsing.Describe(value)}, expected a whole number from 0.");
}

/// <summary>Reads one kind of line.</summary>
internal interface ILineReader
{
    /// <exception cref="DataLineException">The line cannot be used.</exception>
    /// <exception cref="UnusableLineException">There is nothing to learn from it.</exception>
    Example Read(DataLine line);
}
