using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.MultitaskPrompt;

/// <summary>
/// A start from a multitask prompt that was trained before (<c>prompt_tuning_init_state_dict_path</c>, its <c>adapter_model.safetensors</c>):
/// the second stage of the paper, where the prompt of a new task is made of those of the source tasks.
/// </summary>
internal static class SourceTasks
{
    private const string Average = "AVERAGE_SOURCE_TASKS";
    private const string Exact = "EXACT_SOURCE_TASK";
    private const string SharedOnly = "ONLY_SOURCE_SHARED";

    /// <summary>Whether an init is one of these.</summary>
    public static bool Names(string init) => init is Average or Exact or SharedOnly;

    /// <summary>The start, in the shapes that the configuration asks for.</summary>
    /// <exception cref="AdapterOptionException">The path is missing, or the source task is not there.</exception>
    /// <exception cref="AdapterShapeException">The source does not fit.</exception>
    public static (Tensor Shared, Tensor Columns, Tensor Rows) Read(
        AdapterPackage package, MultitaskPromptConfig config, AdapterConfigReader reader, int hidden, Random random)
    {
        string init = reader.Text("prompt_tuning_init", "");
        string path = reader.Text("prompt_tuning_init_state_dict_path", "");
        if (path.Length == 0)
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [$"prompt_tuning_init is {init}, but prompt_tuning_init_state_dict_path is missing"]);
        }

        AdapterTensors source = new(new AdapterPackage(path, package.Config, TensorsOf(path)));
        int tokens = config.Keys.VirtualTokens;
        Tensor shared = source.Take(MultitaskPromptModule.Shared, tokens, hidden);
        if (init == SharedOnly)
        {
            (Tensor drawnColumns, Tensor drawnRows) = MultitaskPromptStart.Factors(config, hidden, random);
            return (shared, drawnColumns, drawnRows);
        }

        Tensor columns = source.Take(MultitaskPromptModule.Columns, -1, tokens, config.Ranks);
        Tensor rows = source.Take(MultitaskPromptModule.Rows, columns[0], config.Ranks, hidden);
        int task = reader.Integer("prompt_tuning_init_task", 0);
        if (config.Tasks != 1 || (init == Exact && (task < 0 || task >= columns[0])))
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [
                $"prompt_tuning_init is {init} with num_tasks {config.Tasks} and prompt_tuning_init_task {task}; the source has tasks 0 to {columns[0] - 1}, and num_tasks is 1 for one new task",
            ]);
        }

        return init == Exact ? (shared, columns.Slice(0, task, 1), rows.Slice(0, task, 1)) : (shared, MeanOf(columns), MeanOf(rows));
    }

    private static Tensor MeanOf(Tensor tasks) => tasks.Sum(0).Scale(1f / tasks[0]).Reshape(1, tasks[1], tasks[2]);

    private static Dictionary<string, Tensor> TensorsOf(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Tensors.ToDictionary(t => t.Key, t => Tensor.From(t.Value.ToArray(), [.. t.Value.Shape.Select(e => checked((int)e))]), StringComparer.Ordinal);
    }
}
