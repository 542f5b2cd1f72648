using SkPeft.Tensors;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Tests.Forward;

/// <summary>Random parameters and effects made of them; the same parameters give the effects again after they were changed.</summary>
internal sealed class TrainableEffects
{
    private readonly List<Func<IEnumerable<Effect>>> _build = [];

    public List<Tensor> Parameters { get; } = [];

    /// <summary>The effects of the parameters as they are now.</summary>
    public IReadOnlyList<Effect> Build() => [.. _build.SelectMany(b => b())];

    /// <summary>Some effects of every kind that the model has a place for, each with its own parameters.</summary>
    public static TrainableEffects Any(Random random, ModelShape shape, int most)
    {
        TrainableEffects all = new();
        bool prefix = false;
        for (int i = random.Next(1, most + 1); i > 0; i--)
        {
            ModuleInfo[] linears = [.. shape.Modules.Where(m => m.Kind == ModuleKind.Linear)];
            ModuleInfo module = linears[random.Next(linears.Length)];
            int kind = random.Next(14);
            if (kind < 9)
            {
                all.AddLinear(random, module, kind);
            }
            else if (kind is 9 or 10 && !prefix)
            {
                prefix = true;
                all.AddPrefix(random, shape.Sizes, generated: kind == 10);
            }
            else
            {
                all.AddOther(random, shape, kind);
            }
        }

        return all;
    }

    /// <summary>Soft tokens in the middle of the text, and something that is not of the embedding.</summary>
    public static TrainableEffects WithSlots(Random random, ModelShape shape, int slots)
    {
        TrainableEffects all = new();
        Tensor embeddings = all.Parameter(random, 1, slots, shape.Sizes.HiddenSize);
        all._build.Add(() => [new SlotEmbeddingsEffect(embeddings, new SoftSlots(slots, ""))]);
        all.AddLinear(random, shape.Modules.First(m => m.Kind == ModuleKind.Linear), 0);
        return all;
    }

    private Tensor Parameter(Random random, double deviation, params ReadOnlySpan<int> shape)
    {
        Tensor parameter = StartValues.Parameter(StartValues.Normal(random, (float)deviation, shape));
        Parameters.Add(parameter);
        return parameter;
    }

    private void AddLinear(Random random, ModuleInfo module, int kind)
    {
        LinearSite site = module.Linear!.Value;
        switch (kind)
        {
            case 0:
                Tensor a = Parameter(random, 0.3, 3, module.Inputs), b = Parameter(random, 0.3, module.Outputs, 3);
                _build.Add(() => [new LowRankEffect(site, a, b, 0.7f)]);
                break;
            case 1:
                Tensor bias = Parameter(random, 0.4, module.Outputs);
                _build.Add(() => [new BiasEffect(site, bias)]);
                break;
            case 2 or 3:
                Tensor scale = Parameter(random, 0.3, module.Outputs);
                _build.Add(() => [new OutputScaleEffect(site, scale.AddScalar(1), kind == 2)]);
                break;
            case 4:
                Tensor input = Parameter(random, 0.3, module.Inputs);
                _build.Add(() => [new InputScaleEffect(site, input.AddScalar(1))]);
                break;
            case 5:
                Tensor weight = Parameter(random, 0.2, module.Outputs, module.Inputs), own = Parameter(random, 0.2, module.Outputs);
                _build.Add(() => [new WeightEffect(site, weight, own)]);
                break;
            case 6:
                Tensor delta = Parameter(random, 0.1, module.Outputs, module.Inputs);
                _build.Add(() => [new WeightDeltaEffect(site, delta)]);
                break;
            case 7:
                Tensor before = Parameter(random, 0.3, module.Inputs);
                _build.Add(() => [new CustomLinear(site, x => x.Add(before).Tanh(), (_, y) => y)]);
                break;
            default:
                Tensor behind = Parameter(random, 0.1, module.Outputs, module.Inputs);
                _build.Add(() => [new CustomLinear(site, x => x, (x, y) => y.Add(x.MatMulTransposed(behind).Sigmoid()))]);
                break;
        }
    }

    private void AddPrefix(Random random, ModelSizes sizes, bool generated)
    {
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            int at = layer;
            if (generated)
            {
                Tensor pool = Parameter(random, 0.3, 2, sizes.HiddenSize);
                _build.Add(() => [new Generator(at, 2, x => x.MatMulTransposed(pool).Softmax(0).TransposedMatMul(x))]);
            }
            else
            {
                Tensor keys = Parameter(random, 0.5, 3, sizes.KeyValueWidth), values = Parameter(random, 0.5, 3, sizes.KeyValueWidth);
                _build.Add(() => [new KeyValuePrefixEffect(at, keys, values)]);
            }
        }
    }

    private void AddOther(Random random, ModelShape shape, int kind)
    {
        ModelSizes sizes = shape.Sizes;
        int layer = random.Next(sizes.Layers);
        switch (kind)
        {
            case 11:
                Tensor prompt = Parameter(random, 0.7, 2, sizes.HiddenSize);
                _build.Add(() => [new PromptEmbeddingsEffect(prompt)]);
                break;
            case 12:
                NormSite norm = random.Next(3) switch { 0 => new(layer, NormKind.Attention), 1 => new(layer, NormKind.Mlp), _ => new(-1, NormKind.Final) };
                Tensor gain = Parameter(random, 0.3, sizes.HiddenSize);
                _build.Add(() => [new NormEffect(norm, gain.AddScalar(1))]);
                break;
            case 13:
                SubLayerKind place = random.Next(2) == 0 ? SubLayerKind.Attention : SubLayerKind.Mlp;
                Tensor down = Parameter(random, 0.2, 4, sizes.HiddenSize), up = Parameter(random, 0.2, sizes.HiddenSize, 4);
                _build.Add(() => [new SubLayer(layer, place, (x, y) => y.Add(x.Add(y).MatMulTransposed(down).Silu().MatMulTransposed(up)))]);
                break;
            default:
                Tensor keys = Parameter(random, 0.5, 2, sizes.KeyValueWidth), values = Parameter(random, 0.5, 2, sizes.KeyValueWidth), gate = Parameter(random, 0.5, sizes.Heads);
                _build.Add(() => [new GatedKeyValueEffect(layer, keys, values, gate.Tanh())]);
                break;
        }
    }

    private sealed class CustomLinear(LinearSite site, Func<Tensor, Tensor> input, Func<Tensor, Tensor, Tensor> output) : CustomLinearEffect(site)
    {
        public override Tensor TransformInput(Tensor x) => input(x);

        public override Tensor TransformOutput(Tensor x, Tensor y) => output(x, y);
    }

    private sealed class SubLayer(int layer, SubLayerKind kind, Func<Tensor, Tensor, Tensor> apply) : SubLayerEffect(layer, kind)
    {
        public override Tensor Apply(Tensor input, Tensor output) => apply(input, output);
    }

    private sealed class Generator(int layer, int count, Func<Tensor, Tensor> generate) : GeneratedPrefixEffect(layer, count)
    {
        public override Tensor Generate(Tensor instruction) => generate(instruction);
    }
}
