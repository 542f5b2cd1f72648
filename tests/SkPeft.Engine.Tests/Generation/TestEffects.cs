using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>Effects whose arithmetic is a test's own.</summary>
internal static class TestEffects
{
    public sealed class Linear(LinearSite site, Func<Tensor, Tensor>? input, Func<Tensor, Tensor, Tensor>? output) : CustomLinearEffect(site)
    {
        public override Tensor TransformInput(Tensor x) => input is null ? x : input(x);

        public override Tensor TransformOutput(Tensor x, Tensor y) => output is null ? y : output(x, y);
    }

    public sealed class SubLayer(int layer, SubLayerKind kind, Func<Tensor, Tensor, Tensor> apply) : SubLayerEffect(layer, kind)
    {
        public override Tensor Apply(Tensor input, Tensor output) => apply(input, output);
    }

    /// <summary>Adds something that depends on the position and on the token.</summary>
    public sealed class Position(float amount) : TokenEmbeddingEffect
    {
        public List<(int First, int Count)> Calls { get; } = [];

        public override Tensor Apply(ReadOnlySpan<int> ids, int firstPosition, Tensor embeddings)
        {
            Calls.Add((firstPosition, ids.Length));
            Tensor changed = new(embeddings.Shape);
            for (int row = 0; row < ids.Length; row++)
            {
                for (int i = 0; i < embeddings[1]; i++)
                {
                    changed.Row(row)[i] = embeddings.Row(row)[i] + (amount * MathF.Sin((firstPosition + row) * 0.7f + i + ids[row]));
                }
            }

            return changed;
        }
    }

    /// <summary>Soft tokens from the instruction's mean and length, through a nonlinearity; it records what it was given.</summary>
    public sealed class Generator(int layer, int count, float amount = 0.5f) : GeneratedPrefixEffect(layer, count)
    {
        public List<Tensor> Calls { get; } = [];

        public override Tensor Generate(Tensor instruction)
        {
            Calls.Add(Tensor.From(instruction.Data, instruction.Shape));
            Tensor soft = new(Count, instruction[1]);
            for (int i = 0; i < instruction[1]; i++)
            {
                double mean = 0;
                for (int row = 0; row < instruction[0]; row++)
                {
                    mean += (double)instruction.Row(row)[i] / instruction[0];
                }

                for (int row = 0; row < Count; row++)
                {
                    soft.Row(row)[i] = (float)(amount * Math.Tanh(mean + (0.3 * row) + (0.01 * i * instruction[0])));
                }
            }

            return soft;
        }
    }

    public static Tensor Each(Tensor x, Func<float, float> f)
    {
        Tensor y = new(x.Shape);
        for (int i = 0; i < x.Length; i++)
        {
            y.Data[i] = f(x.Data[i]);
        }

        return y;
    }

    /// <summary>One of the nine ways to touch a linear layer, at random.</summary>
    public static LinearEffect AnyLinear(Random random, ModuleInfo module)
    {
        LinearSite site = module.Linear!.Value;
        Tensor Vector(int length) => RandomTensors.Normal(random, 0.4, length);
        switch (random.Next(9))
        {
            case 0:
                int rank = random.Next(1, 9);
                return new LowRankEffect(site, RandomTensors.Normal(random, 0.3, rank, module.Inputs), RandomTensors.Normal(random, 0.3, module.Outputs, rank), 0.5f + random.NextSingle());
            case 1:
                return new BiasEffect(site, Vector(module.Outputs));
            case 2:
                return new OutputScaleEffect(site, Vector(module.Outputs).Plus(1), true);
            case 3:
                return new OutputScaleEffect(site, Vector(module.Outputs).Plus(1), false);
            case 4:
                return new InputScaleEffect(site, Vector(module.Inputs).Plus(1));
            case 5:
                return new WeightEffect(site, RandomTensors.Normal(random, 0.2, module.Outputs, module.Inputs), random.Next(2) == 0 ? null : Vector(module.Outputs));
            case 6:
                return new Linear(site, x => Each(x, v => 0.8f * v + 0.1f), null);
            case 7:
                return new Linear(site, null, (x, y) => Each(y, v => 0.9f * v + 0.05f * x.Data[0]));
            default:
                return new Linear(site, x => Each(x, v => v / (1 + MathF.Abs(v))), (_, y) => Each(y, MathF.Tanh));
        }
    }
}
