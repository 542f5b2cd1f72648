using SkPeft.Engine.Adapters;
using SkPeft.Training.Data;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Loop;

/// <summary>Examples as sequences with the effects of a learner.</summary>
internal static class Sequences
{
    /// <summary>The sequences of some examples, example by example. Effects are built once a task.</summary>
    public static IEnumerable<TrainingSequence> Of(Learner learner, IReadOnlyList<Example> examples, Func<Example, IEnumerable<Passage>> passagesOf)
    {
        Dictionary<int, EffectIndex> effects = [];
        foreach (Example example in examples)
        {
            if (!effects.TryGetValue(example.Task, out EffectIndex? index))
            {
                effects.Add(example.Task, index = learner.BuildEffects(example.Task));
            }

            foreach (Passage passage in passagesOf(example))
            {
                yield return new TrainingSequence(index, passage.Ids, passage.PromptLength, passage.LossFrom);
            }
        }
    }
}
