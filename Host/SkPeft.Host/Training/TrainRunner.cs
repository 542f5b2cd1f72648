using SkPeft.Adapters.Store;
using SkPeft.Engine;
using SkPeft.Host.Commands;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
using SkPeft.Training;
using SkPeft.Training.Scoring;

namespace SkPeft.Host.Training;

/// <summary>Runs <c>train</c>: reads the request, trains, and hands the adapters to the store.</summary>
internal sealed class TrainRunner(ToolConsole console, TrainRequest request)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using PluginCatalog plugins = PluginFolder.Open();
        TrainingJob job = JobOptions.Read(request.Options, plugins.List(), request.Model);
        StoreRequest? storing = StoreRequest.Read(request.Options);
        request.Options.RequireKnown();
        RequireHeldOutLines(storing, job);
        if (job.Resume && storing is null && job.Adapters[0].Folder is { } folder && IsFinished(folder))
        {
            // Without this the run would begin again from the start, over the results of the first.
            return SayFinished(folder);
        }

        // Before the run: a store that cannot be opened should not cost it.
        AdapterStore? store = storing is null ? null : StoreFolder.Open(storing.Store);

        // Serving and training share the model's weights; its own workers are few, as nothing is served while this command trains.
        using LanguageModel model = LanguageModel.Open(request.Model, new LanguageModelOptions { Precision = Precision.Fast, Threads = job.Loop.Threads });
        TrainingResult result = await TrainAsync(model, plugins, job, cancellation);
        IReadOnlyList<StoredAdapter> stored = store is null ? []
            : await new StoreStep(new PromotionGate(model, model.CreateAdapterLoader(plugins), store), storing!, job).RunAsync(result, cancellation);
        if (request.Json)
        {
            console.WriteJson(writer => TrainReport.Write(writer, result, stored));
        }
        else
        {
            TrainReport.Print(console, result, stored);
        }

        return stored.Any(s => s.Report.Refused) ? TrainCommand.NotBetter : 0;
    }

    // A run that ended wrote its adapter and took its checkpoint away.
    private static bool IsFinished(string folder) =>
        File.Exists(Path.Combine(folder, "state.safetensors")) && !File.Exists(Path.Combine(folder, "checkpoint.safetensors"));

    private int SayFinished(string folder)
    {
        if (request.Json)
        {
            console.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("finished", true);
                writer.WriteString("out", folder);
                writer.WriteEndObject();
            });
        }
        else
        {
            console.Out.WriteLine($"{folder} holds a run that ended: there is nothing to resume. Train again without --resume, or into another folder.");
        }

        return 0;
    }

    private async Task<TrainingResult> TrainAsync(LanguageModel model, IPeftMethodCatalog plugins, TrainingJob job, CancellationToken cancellation)
    {
        using TrainDisplay display = new(console, request.Json);
        try
        {
            return await new AdapterTrainer(model, plugins, console.Time).TrainAsync(job, display, cancellation);
        }
        catch (OperationCanceledException)
        {
            display.Say($"what was done is in {job.Adapters[0].Folder}; the same command with --resume goes on");
            throw;
        }
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
