using SkPeft.Host.Output;
using SkPeft.Plugins;
using SkPeft.Training;

namespace SkPeft.Host.Training;

/// <summary>Reads a whole run from options: those of the command line, and those of <c>--options</c> where it says nothing.</summary>
internal static class JobOptions
{
    /// <param name="options">All options; keys are the long options' names with underscores.</param>
    /// <param name="plugins">The methods that there are.</param>
    /// <param name="model">The model, as the user named it.</param>
    /// <exception cref="UsageException">An option makes no sense.</exception>
    public static TrainingJob Read(OptionBag options, IReadOnlyList<PluginInfo> plugins, string model)
    {
        string folder = options.Text("out") ?? throw new UsageException("--out FOLDER is required.");
        TrainingData data = DataOptions.Training(options);
        AdapterPlan first = AdapterOptions.Read(options, plugins, model, folder, new LearningSettings());
        List<AdapterPlan> adapters = [first];
        foreach (OptionBag more in options.Objects("with"))
        {
            // What is trained beside it learns as the first one does, but for its own rates, and has groups and a start of its own.
            string to = more.Text("out") ?? throw new UsageException($"{more.Path}: out is missing; expected the folder of the adapter that is trained beside the first.");
            adapters.Add(AdapterOptions.Read(more, plugins, model, to, first.Learning with { Groups = new Dictionary<string, GroupSettings>() }));
            more.RequireKnown();
        }

        return new TrainingJob
        {
            Adapters = adapters,
            Data = data,
            Evaluation = DataOptions.Evaluation(options, data),
            Loop = LoopOptions.Read(options, data.Classes),
            Log = options.Text("log"),
            Resume = options.Flag("resume", false),
        };
    }
}
