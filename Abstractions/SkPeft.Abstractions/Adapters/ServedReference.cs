using System.Globalization;

namespace SkPeft;

/// <summary>
/// What is to be served of a store: a stored adapter (<see cref="AdapterReference"/>), and of a multitask adapter one of its tasks, behind
/// a <c>#</c>: <c>prompts</c>, <c>prompts@3#1</c>, <c>prompts@prod#0</c>.
/// </summary>
/// <param name="Stored">The stored adapter.</param>
/// <param name="Task">The task, from 0, or null where none is asked for.</param>
public sealed record ServedReference(AdapterReference Stored, int? Task)
{
    /// <summary>What stands between adapter and task.</summary>
    public const char TaskMark = '#';

    /// <summary>Reads a reference.</summary>
    /// <exception cref="StoreException">It is not legal; the message says which part and what is legal.</exception>
    public static ServedReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.IndexOf(TaskMark, StringComparison.Ordinal);
        if (at < 0)
        {
            return new ServedReference(AdapterReference.Parse(text), null);
        }

        return int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int task)
            ? new ServedReference(AdapterReference.Parse(text[..at]), task)
            : throw new StoreException($"'{text}' is not a reference: after '{TaskMark}' stands '{text[(at + 1)..]}', expected the number of a task, from 0.");
    }

    /// <summary>The reference as text.</summary>
    public override string ToString() => With($"{Stored}");

    /// <summary>Another name of the stored adapter (its exact version) with this task.</summary>
    /// <param name="stored">The name.</param>
    public string With(string stored) => Task is { } task ? $"{stored}{TaskMark}{task.ToString(CultureInfo.InvariantCulture)}" : stored;
}
