namespace SkPeft.Training;

/// <summary>Start values that were given.</summary>
internal static class InitialState
{
    /// <summary>Copies them into the parameters.</summary>
    /// <exception cref="TrainingException">One is missing, left over or of another shape.</exception>
    public static void Apply(string name, IReadOnlyList<TrainingParameter> parameters, IReadOnlyDictionary<string, Tensor> initial)
    {
        string[] missing = [.. parameters.Select(p => p.Name).Where(n => !initial.ContainsKey(n))];
        string[] left = [.. initial.Keys.Except(parameters.Select(p => p.Name)).Order(StringComparer.Ordinal)];
        if (missing.Length + left.Length > 0)
        {
            throw new TrainingException($"The initial state does not fit {name}:{List(" it lacks ", missing)}{List(" it has, and the method does not know, ", left)} The method trains {parameters.Count} tensors, such as '{parameters[0].Name}'.");
        }

        foreach (TrainingParameter parameter in parameters)
        {
            Tensor value = initial[parameter.Name];
            if (!value.Shape.SequenceEqual(parameter.Value.Shape))
            {
                throw new TrainingException($"The initial state does not fit {name}: '{parameter.Name}' has shape {value.ShapeText}, expected {parameter.Value.ShapeText}.");
            }

            value.Data.CopyTo(parameter.Value.Data);
        }
    }

    private static string List(string what, string[] names) => names.Length == 0 ? "" :
        $"{what}{string.Join(", ", names.Take(4).Select(n => $"'{n}'"))}{(names.Length > 4 ? $" and {names.Length - 4} more" : "")}.";
}
