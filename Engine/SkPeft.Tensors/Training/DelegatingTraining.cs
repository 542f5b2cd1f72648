namespace SkPeft.Tensors.Training;

/// <summary>A run with something added to it: everything that is not overridden is the inner run's.</summary>
/// <param name="inner">The run.</param>
public abstract class DelegatingTraining(PeftTraining inner) : PeftTraining
{
    /// <inheritdoc/>
    public override IReadOnlyList<TrainingParameter> Parameters => inner.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MatchedModules => inner.MatchedModules;

    /// <inheritdoc/>
    public override bool ReadsInstruction => inner.ReadsInstruction;

    /// <inheritdoc/>
    public override SoftSlots? Slots => inner.Slots;

    /// <inheritdoc/>
    public override int Tasks => inner.Tasks;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => inner.State;

    /// <inheritdoc/>
    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) => inner.BuildEffects(model, task);

    /// <inheritdoc/>
    public override Tensor? Penalty() => inner.Penalty();

    /// <inheritdoc/>
    public override void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf) => inner.AfterStep(step, steps, gradientOf);

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, Tensor> state) => inner.Restore(state);

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() => inner.Export();
}
