using SkPeft.Training.Loop;

namespace SkPeft.Training;

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Steps">How many steps there will be.</param>
/// <param name="FirstStep">The step that it begins with: above 0 where it was resumed.</param>
/// <param name="Parameters">Numbers that are trained.</param>
/// <param name="MemoryBytes">A bound on the bytes that it takes beside the model.</param>
/// <param name="Lines">Lines that are learned from.</param>
/// <param name="Skipped">Lines that were passed over, and why: <c>line 3: …</c>.</param>
/// <param name="Earlier">The steps that were done before.</param>
public sealed record TrainingOutline(
    int Steps, int FirstStep, long Parameters, long MemoryBytes, int Lines, IReadOnlyList<string> Skipped, IReadOnlyList<StepRecord> Earlier);

/// <summary>Something happened in a run: it began, made a step, or was evaluated.</summary>
/// <param name="Outline">The run.</param>
/// <param name="Step">The step that was made, or null.</param>
/// <param name="Evaluations">What was measured of every adapter; empty where nothing was.</param>
/// <param name="MemoryBytes">
/// Bytes that the run holds now beside the model: values, gradients, activations, what optimisers remember, decoded weights. The outline's bound
/// is on these, with room for what the process takes for itself.
/// </param>
public sealed record TrainingProgress(TrainingOutline Outline, StepRecord? Step, IReadOnlyList<Evaluation> Evaluations, long MemoryBytes);

/// <summary>An adapter behind its training.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Packages">Its files: one package, or one a task where one run trains several.</param>
/// <param name="Folders">Where they were written; empty where they were not.</param>
/// <param name="Modules">The modules of the base that it touches.</param>
/// <param name="Losses">The loss of every step.</param>
/// <param name="Evaluation">The last evaluation, or the best where that was kept; null where nothing was measured.</param>
public sealed record TrainedAdapter(
    string Name, IReadOnlyList<AdapterPackage> Packages, IReadOnlyList<string> Folders, IReadOnlyList<string> Modules, IReadOnlyList<double> Losses, Evaluation? Evaluation);

/// <summary>A run that has ended.</summary>
/// <param name="Outline">The run.</param>
/// <param name="Adapters">The adapters.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Evaluations">All evaluations of the first adapter.</param>
/// <param name="StoppedEarly">Whether it ended because evaluations brought no improvement.</param>
public sealed record TrainingResult(
    TrainingOutline Outline, IReadOnlyList<TrainedAdapter> Adapters, IReadOnlyList<StepRecord> Steps, IReadOnlyList<Evaluation> Evaluations, bool StoppedEarly);
