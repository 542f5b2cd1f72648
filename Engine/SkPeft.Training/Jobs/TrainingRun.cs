using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;
using SkPeft.Tensors.Training;
using SkPeft.Training.Checkpoints;
using SkPeft.Training.Data;
using SkPeft.Training.Forward;
using SkPeft.Training.Loop;
using SkPeft.Training.Objectives;
using SkPeft.Training.Output;

namespace SkPeft.Training;

/// <summary>One run over one model: opens what it takes, goes round the loop, writes what became of it.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly LanguageModel _model;
    private readonly TrainingJob _job;
    private readonly TimeProvider _time;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly WorkerTeam _team;
    private readonly ComputeContext _compute;
    private readonly RunMemory _memory = new();
    private readonly TrainingForward _forward;
    private readonly CachedBase _base;
    private readonly MethodStart _methods;

    public TrainingRun(LanguageModel model, IPeftMethodCatalog catalog, TrainingJob job, TimeProvider time, IProgress<TrainingProgress>? progress)
    {
        (_model, _job, _time, _progress) = (model, job, time, progress);
        _team = new WorkerTeam(job.Loop.Threads ?? Math.Max(1, Environment.ProcessorCount - (model.Options.Threads ?? Math.Min(Environment.ProcessorCount, 16))));
        _compute = new ComputeContext(_team, model.Options.InstructionSet);
        _forward = new TrainingForward(model, _compute, _memory.Activations, job.Loop.Recompute);
        _base = new CachedBase(model.Base);
        _methods = new MethodStart(catalog, model.Base, new ModelProbe(model, _forward), job.Loop.Seed);
    }

    public TrainingResult Run(CancellationToken cancellation)
    {
        using ComputeScope scope = new(_compute);
        JobCheck.Check(_job);
        bool byHead = JobCheck.ByHead(_job);
        TokenObjective objective = TokenObjective.Of(_job.Loop.Losses, _job.Loop.Aggregation);
        RunData data = new(_model, _job, new ExampleNeeds(objective.NeedsCandidates, byHead));
        PeftTraining[] trainings = [.. _job.Adapters.Select((plan, i) => _methods.Begin(plan, i, data.Training, byHead))];
        cancellation.ThrowIfCancellationRequested();

        Learner[] learners = [.. trainings.Select((t, i) => new Learner(_job.Adapters[i].Package.Name, _methods.PluginOf(i), t, _base, _job.Adapters[i].Learning))];
        data.Fit(learners);
        RunSplits splits = RunSplits.Of(_job.Loop, data, learners);
        Array.ForEach(learners, l => l.Schedule(splits.Plan.Steps));
        IStepObjective step = byHead ? new HeadObjective() : objective;
        EffectIndex[] effects = EffectsOfStep(learners);
        PartSizes part = new(effects, step, splits, _job.Loop);
        MemorySample sample = MemorySample.Take(_model, _compute, _job.Loop.Recompute, effects, step, part);
        MemoryBound bound = new(learners, part, sample, _base);
        bound.Require(_job.Loop.MemoryLimit);

        // What the start left behind would lie beside the run until the collector happens to come: PiSSA's factorisations alone are several
        // times the model.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        CheckpointFile? checkpoint = _job.Adapters[0].Folder is { } folder ? new CheckpointFile(Path.Combine(Directory.CreateDirectory(folder).FullName, "checkpoint.safetensors")) : null;
        if (!_job.Resume)
        {
            // What is left of another run must not be taken for a checkpoint of this one.
            checkpoint?.Delete();
        }

        checkpoint?.DeleteLeftovers();
        TrainingOutline outline = new(splits.Plan.Steps, 0, learners.Sum(l => l.Trained.Sum(p => (long)p.Value.Length)), bound.Bytes, splits.Training.Count, data.SkippedLines, []);
        using TrainingLog log = new(_job.Log);
        using RunRecords records = new(_job.Adapters);
        TrainingLoop loop = new(new LoopParts
        {
            Learners = learners,
            Runner = new StepRunner(_forward, step, _memory, part.Parts, _job.Loop.Penalty),
            Examples = splits.Training,
            Plan = splits.Plan,
            BilevelExamples = splits.Bilevel,
            BilevelPlan = splits.BilevelPlan,
            Evaluator = new Evaluator(_forward, splits.Evaluation, _memory, _job.Loop, byHead, part.Rows, part.SoftRows),
            Settings = _job.Loop,
            Checkpoint = checkpoint,
            Keys = RunKeys.Of(_job, _model, data),
            Time = _time,
            OnStart = history =>
            {
                log.Begin(history.Steps);
                outline = outline with { FirstStep = history.Steps.Count, Earlier = history.Steps };
                records.Begin(Path.GetFileName(Path.TrimEndingDirectorySeparator(_model.Path)), outline, history);
                _progress?.Report(new TrainingProgress(outline, null, [], bound.HeldBytes(_memory)));
            },
            OnStep = record =>
            {
                log.Add(record);
                records.Add(record);
                _progress?.Report(new TrainingProgress(outline, record, [], bound.HeldBytes(_memory)));
            },
            OnEvaluation = evaluations =>
            {
                records.Add(evaluations);
                _progress?.Report(new TrainingProgress(outline, null, evaluations, bound.HeldBytes(_memory)));
            },
        });
        RunHistory history = loop.Run(_job.Resume, cancellation);
        TrainedAdapter[] adapters = [.. learners.Select((l, i) => AdapterWriter.Write(l, _job.Adapters[i].Folder, history, i, _job.Loop))];
        bool stoppedEarly = history.Steps.Count < outline.Steps;
        records.End(history.Steps.Count, stoppedEarly);
        checkpoint?.Delete();
        return new TrainingResult(outline, adapters, history.Steps, [.. history.Evaluations.Select(e => e[0])], stoppedEarly);
    }

    // With what a step drops: that takes memory, too.
    private EffectIndex[] EffectsOfStep(Learner[] learners)
    {
        using StepDraws draws = new(Seeds.OfStep(_job.Loop.Seed, 0, bilevel: false));
        return [.. learners.Select(l => l.BuildEffects(0))];
    }

    public void Dispose()
    {
        _methods.Dispose();
        _forward.Dispose();
        _compute.Dispose();
        _team.Dispose();
    }
}
