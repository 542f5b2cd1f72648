namespace SkPeft.Training;

/// <summary>A class of a labelled task.</summary>
/// <param name="Name">The class as the data name it.</param>
/// <param name="Words">The words that stand for it in an answer (a verbaliser); the name itself, for most tasks.</param>
public sealed record LabelClass(string Name, IReadOnlyList<string> Words)
{
    /// <summary>A class whose word is its name.</summary>
    /// <param name="name">The name.</param>
    public static LabelClass Of(string name) => new(name, [name]);
}
