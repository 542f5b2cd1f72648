namespace SkPeft.Peft.Road;

/// <summary>How many of the four elements of a 2 × 2 rotation have an angle and a scale of their own.</summary>
internal enum RoadVariant
{
    /// <summary>One angle and one scale for each pair of outputs (<c>road_1</c>).</summary>
    Pair,

    /// <summary>One for each output (<c>road_2</c>).</summary>
    Output,

    /// <summary>Two for each output: the factor on itself, and the one on its partner (<c>road_4</c>).</summary>
    Element,
}
