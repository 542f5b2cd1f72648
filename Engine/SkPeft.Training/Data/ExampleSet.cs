namespace SkPeft.Training.Data;

/// <summary>The examples of a file.</summary>
/// <param name="Data">Where they come from.</param>
/// <param name="Examples">The examples, in the file's order.</param>
/// <param name="Skipped">Lines that were passed over.</param>
/// <param name="Digest">SHA-256 of the file.</param>
internal sealed record ExampleSet(TrainingData Data, IReadOnlyList<Example> Examples, IReadOnlyList<SkippedLine> Skipped, string Digest)
{
    /// <summary>How many tasks the lines name.</summary>
    public int Tasks => Examples.Count == 0 ? 1 : Examples.Max(e => e.Task) + 1;

    /// <summary>Whether places for soft tokens are among the ids.</summary>
    public bool HasPlaceholders => Examples.Any(e => e.Passages.Any(p => p.Ids.Any(id => id < 0)));

    /// <summary>Checks what is known only once the method is: the room that it leaves, and its tasks.</summary>
    /// <param name="context">Positions that a sequence may take.</param>
    /// <param name="virtualRows">Positions that the method's virtual tokens take.</param>
    /// <param name="tasks">The method's tasks.</param>
    /// <exception cref="DataLineException">A line is too long, or names a task that is not there.</exception>
    public ExampleSet Fit(int context, int virtualRows, int tasks)
    {
        List<Example> kept = [];
        List<SkippedLine> skipped = [.. Skipped];
        foreach (Example example in Examples)
        {
            if (example.Task >= tasks)
            {
                throw new DataLineException(Data.Path, example.Line, $"'task_id' is {example.Task}, expected 0 to {tasks - 1}: the method has {tasks} task{(tasks == 1 ? "" : "s")}.");
            }

            if (example.LongestPassage <= context - virtualRows)
            {
                kept.Add(example);
                continue;
            }

            string reason = $"the sequence has {example.LongestPassage} tokens, expected at most {context - virtualRows}: " +
                $"the context has {context} positions{(virtualRows > 0 ? $", {virtualRows} of them for virtual tokens" : "")}.";
            skipped.Add(Data.SkipUnusable
                ? new SkippedLine(example.Line, reason)
                : throw new DataLineException(Data.Path, example.Line, $"{reason} (\"skip\": true in --options passes over such lines and counts them)"));
        }

        return this with { Examples = kept, Skipped = [.. skipped.OrderBy(s => s.Line)] };
    }

    /// <summary>Refuses a file without lines that can be used.</summary>
    /// <exception cref="FileFormatException">It has none.</exception>
    public ExampleSet RequireLines()
    {
        string found = Skipped.Count == 0 ? "no lines" : $"{Skipped.Count} lines, all passed over (line {Skipped[0].Line}: {Skipped[0].Reason})";
        return Examples.Count > 0 ? this : throw new FileFormatException(Data.Path, "content", found, "at least one line that can be used");
    }

    /// <summary>Refuses a file that teaches nothing: without lines, or with one class only.</summary>
    /// <exception cref="FileFormatException">It does.</exception>
    public ExampleSet RequireTask()
    {
        RequireLines();
        if (!Data.AllowOneClass && Examples.Count > 1 && OneClass() is { } only)
        {
            throw new FileFormatException(Data.Path, $"lines {Examples[0].Line} to {Examples[^1].Line}", $"{only} on all {Examples.Count} of them, one class only",
                "lines of at least two classes (\"one_class\": true in --options accepts it)");
        }

        return this;
    }

    private string? OneClass()
    {
        if (Examples.All(e => e.Class is not null))
        {
            int[] classes = [.. Examples.Select(e => e.Class!.Value).Distinct()];
            return classes.Length > 1 ? null : $"the label {(Data.Classes.Count > 0 ? $"'{Data.Classes[classes[0]].Name}'" : classes[0])}";
        }

        // Text whose completion is always the same: the model would learn to say it whatever the prompt.
        ReadOnlySpan<int> first = Completion(Examples[0]);
        foreach (Example example in Examples)
        {
            if (Data.Prompt is null || example.Passages.Count != 1 || !Completion(example).SequenceEqual(first))
            {
                return null;
            }
        }

        return "the same completion";
    }

    private static ReadOnlySpan<int> Completion(Example example) => example.Passages[0].Ids.AsSpan(example.Passages[0].PromptLength);
}
