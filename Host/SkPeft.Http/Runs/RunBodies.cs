using System.Text.Json.Serialization;

namespace SkPeft.Http.Runs;

/// <summary>Training runs, the one that changed last first.</summary>
/// <param name="IsConfigured">Whether the settings name a folder to look in.</param>
/// <param name="Runs">The runs.</param>
internal sealed record RunList(bool IsConfigured, IReadOnlyList<RunBody> Runs);

/// <summary>A training run.</summary>
/// <param name="Id">Names it in a path.</param>
/// <param name="Name">Its folder's name.</param>
/// <param name="State">running, finished or stopped.</param>
/// <param name="Method">The <c>peft_type</c> that is trained.</param>
/// <param name="Model">The base's file.</param>
/// <param name="Steps">Steps that there will be.</param>
/// <param name="Done">Steps that were made.</param>
/// <param name="StoppedEarly">Whether it ended because evaluations brought no improvement.</param>
/// <param name="Parameters">Numbers that are trained.</param>
/// <param name="Lines">Lines that are learned from.</param>
/// <param name="Loss">The last step's loss.</param>
/// <param name="Evaluation">The last evaluation.</param>
/// <param name="Changed">When its record was written last.</param>
/// <param name="Problem">Why it cannot be read, or null.</param>
internal sealed record RunBody(
    string Id, string Name, RunState State, string? Method, string? Model, int Steps, int Done, bool StoppedEarly, long Parameters, int Lines, double? Loss, RunEvaluation? Evaluation,
    DateTimeOffset Changed, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem);

/// <summary>Where a run stands.</summary>
internal enum RunState
{
    /// <summary>Its record has been written within the last minute or two.</summary>
    Running,

    /// <summary>It ended by itself.</summary>
    Finished,

    /// <summary>It was interrupted; the checkpoint in its folder goes on.</summary>
    Stopped,
}

/// <summary>A run with its curves.</summary>
/// <param name="Run">The run.</param>
/// <param name="Losses">At most 600 points: each is the mean of the steps up to the next one.</param>
/// <param name="Evaluations">What was measured on held-out lines.</param>
internal sealed record RunCurves(RunBody Run, IReadOnlyList<RunLoss> Losses, IReadOnlyList<RunEvaluation> Evaluations);

/// <summary>A point of the loss.</summary>
/// <param name="Step">The first step of those that it stands for, from 0.</param>
/// <param name="Loss">Their mean loss.</param>
/// <param name="Lr">The learning rate of the first.</param>
internal sealed record RunLoss(int Step, double Loss, double Lr);

/// <summary>What was measured on held-out lines.</summary>
/// <param name="Step">How many steps were behind it.</param>
/// <param name="Loss">The mean negative log-likelihood; null where it was not finite.</param>
/// <param name="Accuracy">The share of right lines; null where lines have no classes.</param>
internal sealed record RunEvaluation(int Step, double? Loss, double? Accuracy);
