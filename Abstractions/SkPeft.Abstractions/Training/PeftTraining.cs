namespace SkPeft;

/// <summary>An adapter under training: parameters, their map to effects, and what becomes of them in a file.</summary>
/// <remarks>Used by one thread at a time.</remarks>
public abstract class PeftTraining
{
    /// <summary>The trainable tensors, in a fixed order.</summary>
    public abstract IReadOnlyList<TrainingParameter> Parameters { get; }

    /// <summary>The modules of the base that are touched; see <see cref="PeftModule.MatchedModules"/>.</summary>
    public abstract IReadOnlyList<string> MatchedModules { get; }

    /// <summary>
    /// True where the effects depend on the whole instruction (IAPT): a loss on instruction tokens would see what comes behind them, so
    /// only losses on the completion are allowed.
    /// </summary>
    public virtual bool ReadsInstruction => false;

    /// <summary>How many tasks it is trained on; the data's <c>task_id</c> is below it.</summary>
    public virtual int Tasks => 1;

    /// <summary>The soft tokens that every prompt of the data must have places for; null for most methods.</summary>
    public virtual SoftSlots? Slots => null;

    /// <summary>Maps the parameters, as they are now, to effects; called for every step. The effects' tensors know how they were computed.</summary>
    /// <param name="model">The frozen base; its answers are cached for the run.</param>
    /// <param name="task">The task, 0 for most methods.</param>
    public abstract IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task);

    /// <summary>What is added to the loss, a scalar (AdaLoRA's orthogonality), or null.</summary>
    public virtual Tensor? Penalty() => null;

    /// <summary>Called after the optimiser's step: methods that prune or project do it here.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">How many there will be.</param>
    /// <param name="gradientOf">The gradient that the step used, [the parameter's shape]; null where there was none.</param>
    public virtual void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf)
    {
    }

    /// <summary>What <see cref="AfterStep"/> keeps between steps, to be saved in checkpoints; empty for most methods.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>();

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    /// <param name="state">The saved tensors.</param>
    public virtual void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
    }

    /// <summary>
    /// The adapter's two files as they are now: configuration and tensors, in the layout that <see cref="IPeftMethod.Load"/> reads. One for
    /// most methods; where one run trains several adapters (an encoder over several tasks), each with a name of its own.
    /// </summary>
    public abstract IReadOnlyList<AdapterPackage> Export();
}
