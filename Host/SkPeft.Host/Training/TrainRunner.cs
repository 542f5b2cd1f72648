using SkPeft.Engine;
using SkPeft.Host.Commands;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
using SkPeft.Training;
using SkPeft.Training.Scoring;

namespace SkPeft.Host.Training;

/// <summary>Runs <c>train</c>: reads the request, trains, and hands the adapter to the store.</summary>
internal sealed class TrainRunner(ToolConsole console, TrainRequest request)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using PluginCatalog plugins = PluginFolder.Open();
        TrainingJob job = JobOptions.Read(request.Options, plugins.List(), request.Model);
        StoreRequest? storing = StoreRequest.Read(request.Options);
        request.Options.RequireKnown();
        RequireHeldOutLines(storing, job);

        // Serving and training share the model's weights; its own workers are few, as nothing is served while this command trains.
        using LanguageModel model = LanguageModel.Open(request.Model, new LanguageModelOptions { Precision = Precision.Fast, Threads = job.Loop.Threads });
        TrainingResult result;
        using (TrainDisplay display = new(console, request.Json))
        {
            result = await new AdapterTrainer(model, plugins, console.Time).TrainAsync(job, display, cancellation);
        }

        PromotionReport? promotion = storing is null ? null : await StoreAsync(model, plugins, storing, job, result, cancellation);
        if (request.Json)
        {
            console.WriteJson(writer => TrainReport.Write(writer, result, promotion));
        }
        else
        {
            TrainReport.Print(console, result, promotion);
        }

        return promotion is { Promoted: false, Refused: true } ? TrainCommand.NotBetter : 0;
    }

    private static async Task<PromotionReport> StoreAsync(
        LanguageModel model, IPeftMethodCatalog plugins, StoreRequest storing, TrainingJob job, TrainingResult result, CancellationToken cancellation)
    {
        IReadOnlyList<string> folders = result.Adapters[0].Folders;
        string folder = folders.Count == 1 ? folders[0]
            : throw new TrainingException($"The run wrote {folders.Count} adapters, and --store takes one under --name. Add them with 'skpeft adapters add'.");
        PromotionGate gate = new(model, model.CreateAdapterLoader(plugins), StoreFolder.Open(storing.Store));
        return await gate.RunAsync(new PromotionRequest
        {
            Name = storing.Name,
            Folder = folder,
            Alias = storing.Promote,
            Metric = storing.Metric is null ? null : storing.Metric == "accuracy" ? GateMetric.Accuracy : GateMetric.Loss,
            StandardErrors = storing.StandardErrors,
            HeldOut = job.Evaluation,
            Aggregation = job.Loop.Aggregation,
        }, cancellation);
    }

    private static void RequireHeldOutLines(StoreRequest? storing, TrainingJob job)
    {
        if (storing?.Metric is null)
        {
            return;
        }

        if (job.Evaluation is null)
        {
            throw new UsageException("--if-better compares on held-out lines: give --eval FILE.jsonl.");
        }

        bool classifies = job.Data.Classes.Count > 0 || job.Adapters[0].Package.Config.TryGetProperty("task_type", out System.Text.Json.JsonElement task) && task.ValueEquals("SEQ_CLS");
        if (storing.Metric == "accuracy" && !classifies)
        {
            throw new UsageException("--if-better accuracy needs classes: give --labels a,b.");
        }
    }
}
