using SkPeft.Engine.Adapters;
using SkPeft.Training.Optimisation;

namespace SkPeft.Training.Loop;

/// <summary>One adapter under training: its parameters, their gradients and the rule that changes them.</summary>
internal sealed class Learner
{
    private readonly LearningSettings _settings;
    private RateSchedule _schedule;
    private readonly IBaseModel _model;
    private readonly string _plugin;
    private readonly GradientSums _joint;
    private readonly GradientSums _bilevel;

    /// <param name="name">The adapter, for messages.</param>
    /// <param name="plugin">The plugin that it comes from, for messages.</param>
    /// <param name="training">Its parameters and their map to effects.</param>
    /// <param name="model">The frozen base.</param>
    /// <param name="settings">How it learns.</param>
    /// <exception cref="TrainingException">A group is named that no parameter is in, or nothing is left to train.</exception>
    public Learner(string name, string plugin, PeftTraining training, IBaseModel model, LearningSettings settings)
    {
        (Name, _plugin, Training, _model, _settings) = (name, plugin, training, model, settings);
        _schedule = new RateSchedule(settings.Schedule, settings.Warmup, 0);
        Optimiser = settings.Optimiser.Create();
        string[] groups = [.. training.Parameters.Select(p => p.Group).Distinct()];
        if (settings.Groups.Keys.FirstOrDefault(g => !groups.Contains(g)) is { } unknown)
        {
            throw new TrainingException($"{name}: no parameter is in the group '{unknown}' (\"groups\" in --options). There are {string.Join(", ", groups)}.");
        }

        Trained = [.. training.Parameters.Where(p => ModeOf(p) != GroupMode.Frozen)];
        if (Trained.Count == 0)
        {
            throw new TrainingException($"{name}: all groups of parameters are frozen ({string.Join(", ", groups)}): there is nothing to train.");
        }

        _joint = new GradientSums([.. Trained.Where(p => ModeOf(p) == GroupMode.Joint)]);
        _bilevel = new GradientSums([.. Trained.Where(p => ModeOf(p) == GroupMode.Bilevel)]);
        Gradients = _joint;
    }

    /// <summary>The adapter, for messages.</summary>
    public string Name { get; }

    /// <summary>Its parameters and their map to effects.</summary>
    public PeftTraining Training { get; }

    /// <summary>The parameters that change.</summary>
    public IReadOnlyList<TrainingParameter> Trained { get; }

    /// <summary>The gradients of this step.</summary>
    public GradientSums Gradients { get; private set; }

    /// <summary>The rule, and what it remembers.</summary>
    public Optimiser Optimiser { get; }

    /// <summary>Whether some parameters have a split of the data for themselves.</summary>
    public bool HasBilevel => Trained.Any(p => ModeOf(p) == GroupMode.Bilevel);

    /// <summary>Lays the learning rate over the run's steps.</summary>
    public void Schedule(int steps) => _schedule = _schedule with { Steps = steps };

    /// <summary>The learning rate of a step, for parameters without a rate of their own.</summary>
    public double RateAt(int step) => _settings.Rate * _schedule.At(step);

    /// <summary>The effects of the parameters as they are now.</summary>
    /// <exception cref="PluginFaultException">The method failed.</exception>
    public EffectIndex BuildEffects(int task)
    {
        IReadOnlyList<Effect> effects = Call("building the effects", () => Training.BuildEffects(_model, task));
        return EffectIndex.Sort(Name, _plugin, effects, _model.Shape);
    }

    /// <summary>The method's own addition to the loss, or null.</summary>
    public Tensor? Penalty() => Call("computing the penalty", Training.Penalty);

    /// <summary>Begins a step of the parameters that have a split of the data for themselves, or of the others.</summary>
    public void Begin(bool bilevel)
    {
        Gradients = bilevel ? _bilevel : _joint;
        Gradients.Clear();
    }

    /// <summary>Changes parameters by the gradients of this step.</summary>
    public void Update(int step)
    {
        if (_settings.Clip > 0)
        {
            Gradients.Clip(_settings.Clip, Gradients.Norm());
        }

        foreach (TrainingParameter parameter in Trained)
        {
            if (Gradients[parameter] is { } gradient)
            {
                GroupSettings? group = _settings.Groups.GetValueOrDefault(parameter.Group);
                double rate = (group?.Rate ?? (_settings.Rate * (group?.Factor ?? parameter.RateFactor))) * _schedule.At(step);
                Optimiser.Step(parameter, gradient.Data, rate, parameter.Decays ? group?.WeightDecay ?? _settings.WeightDecay : 0);
            }
        }
    }

    /// <summary>Lets the method prune or project.</summary>
    public void AfterStep(int step, int steps) => Call("finishing a step", () =>
    {
        Training.AfterStep(step, steps, p => Gradients[p]);
        return true;
    });

    /// <summary>The adapter's files.</summary>
    public IReadOnlyList<AdapterPackage> Export() => Call("writing the adapter", Training.Export);

    private GroupMode ModeOf(TrainingParameter parameter) => _settings.Groups.GetValueOrDefault(parameter.Group)?.Mode ?? GroupMode.Joint;

    private T Call<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not (SkPeftException or OperationCanceledException or OutOfMemoryException))
        {
            throw new PluginFaultException(_plugin, $"{what} of adapter '{Name}' in training", $"{e.GetType().Name}: {e.Message}", e.ToString());
        }
    }
}
