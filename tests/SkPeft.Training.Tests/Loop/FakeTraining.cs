using System.Text.Json;
using SkPeft.Tensors;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;
using SkPeft.Testing;

namespace SkPeft.Training.Tests.Loop;

/// <summary>An adapter of two vectors whose sum is what <see cref="FakeForward"/> reads. It counts its steps in its state, and they shape its effects.</summary>
internal sealed class FakeTraining : PeftTraining
{
    private readonly Tensor _count = new(1);

    public FakeTraining(int seed)
    {
        Random random = new(seed);
        First = Parameter("first", random, TrainingParameter.DefaultGroup);
        Second = Parameter("second", random, "other");
    }

    public TrainingParameter First { get; }

    public TrainingParameter Second { get; }

    /// <summary>The share of the numbers that a step drops.</summary>
    public float Dropout { get; init; }

    /// <summary>What <see cref="Penalty"/> gives.</summary>
    public Func<Tensor?> PenaltyOf { get; init; } = () => null;

    public override IReadOnlyList<TrainingParameter> Parameters => [First, Second];

    public override IReadOnlyList<string> MatchedModules => ["model.norm"];

    public override int Tasks => 2;

    public override IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor> { ["count"] = _count };

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model, int task) =>
        [new NormEffect(new NormSite(-1, NormKind.Final), Dropped(First.Value.Add(Second.Value.Scale(1 + (0.01f * _count.Data[0]) + task))))];

    public override Tensor? Penalty() => PenaltyOf();

    public override void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf) => _count.Data[0]++;

    public override void Restore(IReadOnlyDictionary<string, Tensor> state) => state["count"].Data.CopyTo(_count.Data);

    public override IReadOnlyList<AdapterPackage> Export() =>
        [new AdapterPackage("fake", JsonSerializer.SerializeToElement(new { peft_type = "FAKE" }), new Dictionary<string, Tensor> { ["first"] = First.Value.Detach() })];

    private Tensor Dropped(Tensor numbers) => StepDraws.OfTensor("numbers", Dropout) is { } mask ? numbers.Dropout(mask) : numbers;

    private static TrainingParameter Parameter(string name, Random random, string group) =>
        new(name, StartValues.Parameter(StartValues.Normal(random, 1, TinyLlama.Sizes.HiddenSize))) { Group = group };
}

/// <summary>A base that has sizes and nothing else.</summary>
internal sealed class FakeBase : IBaseModel
{
    public ModelShape Shape { get; } = new(TinyLlama.Sizes);

    public Tensor Weight(string module) => throw new NotSupportedException();

    public Tensor? Bias(string module) => throw new NotSupportedException();

    public Tensor Linear(LinearSite site, Tensor x) => throw new NotSupportedException();
}
