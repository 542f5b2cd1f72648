using SkPeft.Engine.Adapters;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>
/// Effects of many adapters on one layer, worked off together, against the same effects one after the other, adapter by adapter and row by row:
/// equal bit for bit, because the arithmetic of a row does not depend on who else is in the step.
/// </summary>
public sealed unsafe class GroupedEffectsTests : IDisposable
{
    private const int Adapters = 9;
    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 40, Heads = 5, KeyValueHeads = 5, HeadDim = 8, IntermediateSize = 72, VocabularySize = 40, AttentionBias = true, MlpBias = true,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ReferenceLlama _reference = ReferenceLlama.Random(s_sizes, 8);
    private readonly LlamaWeights _weights;
    private readonly WorkerTeam _team = new(2);
    private readonly ComputeContext _compute;
    private readonly Workspace _work = new(s_sizes);

    public GroupedEffectsTests()
    {
        HfModelFolder.Write(_reference, _folder.Root, 64);
        using Engine.Models.Loading.IWeightSource source = Engine.Models.Loading.WeightSource.Open(_folder.Root);
        _weights = LlamaWeights.Load(source);
        _compute = new ComputeContext(_team);
    }

    public void Dispose()
    {
        _work.Dispose();
        _compute.Dispose();
        _team.Dispose();
        _weights.Dispose();
        _folder.Dispose();
    }

    /// <summary>The effects of an adapter at a site, by kind.</summary>
    public static TheoryData<string, LinearKind> Kinds
    {
        get
        {
            TheoryData<string, LinearKind> data = [];
            foreach (string kind in s_kinds.Keys)
            {
                data.Add(kind, LinearKind.Key);
                data.Add(kind, LinearKind.Down);
            }

            return data;
        }
    }

    private static readonly Dictionary<string, Func<Random, ModuleInfo, Effect[]>> s_kinds = new()
    {
        ["scale"] = (r, m) => [Scale(r, m, true)],
        ["scale without bias"] = (r, m) => [Scale(r, m, false)],
        ["input scale"] = (r, m) => [new InputScaleEffect(m.Linear!.Value, Vector(r, m.Inputs))],
        ["bias"] = (r, m) => [new BiasEffect(m.Linear!.Value, Vector(r, m.Outputs))],
        ["low-rank"] = (r, m) => [Low(r, m)],
        ["low-rank, scale, bias"] = (r, m) => [Low(r, m), Scale(r, m, false), new BiasEffect(m.Linear!.Value, Vector(r, m.Outputs))],
        ["bias, low-rank, low-rank"] = (r, m) => [new BiasEffect(m.Linear!.Value, Vector(r, m.Outputs)), Low(r, m), Low(r, m)],
        ["scale, own arithmetic, low-rank, scale"] = (r, m) => [Scale(r, m, false), new Tanh(m.Linear!.Value), Low(r, m), Scale(r, m, true)],
        ["another weight, scale"] = (r, m) =>
            [new WeightEffect(m.Linear!.Value, RandomTensors.Normal(r, 0.3, m.Outputs, m.Inputs), Vector(r, m.Outputs)), Scale(r, m, false), Low(r, m)],
        ["none"] = (_, _) => [],
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EffectsOfOneKind_OfManyAdapters_AreThoseOfEachByItself(string kind, LinearKind site) => Compare(_ => kind, site);

    [Theory]
    [InlineData(LinearKind.Key)]
    [InlineData(LinearKind.Down)]
    public void EffectsOfAllKinds_InOneStep_AreThoseOfEachByItself(LinearKind site)
    {
        string[] kinds = [.. s_kinds.Keys];
        for (int turn = 0; turn < kinds.Length; turn++)
        {
            Compare(i => kinds[(i + turn) % kinds.Length], site);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Norms_WithGainsOfSomeAdapters_AreThoseOfEachRowByItself(int every)
    {
        NormSite site = new(0, NormKind.Attention);
        Random random = new(every);
        PlanRows[] groups = Groups(i => i % every == 0 ? [new NormEffect(site, Vector(random, s_sizes.HiddenSize))] : [], out int rows);
        using NativeBuffer x = Random(random, rows * s_sizes.HiddenSize), y = new(x.Bytes), expected = new(x.Bytes);
        Rows from = Of(x, rows, s_sizes.HiddenSize), to = Of(y, rows, s_sizes.HiddenSize), wanted = Of(expected, rows, s_sizes.HiddenSize);
        new NormRunner(_compute, 1e-5f).Run(site, _weights.Layers[0].AttentionNorm, groups, from, to);
        foreach (PlanRows group in groups)
        {
            Tensor? own = group.Plan.At(site);
            fixed (float* gain = own is null ? default : own.Data)
            {
                for (int row = group.First; row < group.First + group.Count; row++)
                {
                    _compute.RmsNorm(from.Row(row), from.Stride, own is null ? _weights.Layers[0].AttentionNorm : gain, 1e-5f, wanted.Row(row), wanted.Stride, 1, s_sizes.HiddenSize);
                }
            }
        }

        ShouldBeEqual(y, expected, $"a gain for every {every}. adapter");
        DisposePlans(groups);
    }

    // One run for all adapters, and the written-out form: the product for all rows, then effect by effect, row by row.
    private void Compare(Func<int, string> kindOf, LinearKind kind)
    {
        ModuleInfo module = _reference.Shape.ModuleOf(new LinearSite(0, kind));
        FusedLinear linear = kind == LinearKind.Down ? _weights.Layers[0].Down : _weights.Layers[0].Qkv;
        LinearPart part = linear.Parts.Single(p => p.Site.Kind == kind);
        Random random = new(17);
        PlanRows[] groups = Groups(i => s_kinds[kindOf(i)](random, module), out int rows);
        _work.Ensure(rows);
        int width = linear.Matrix.Rows;
        using NativeBuffer x = Random(random, rows * module.Inputs), y = new((long)rows * width * sizeof(float)), expected = new(y.Bytes);
        Rows from = Of(x, rows, module.Inputs);
        new LinearRunner(_compute, _work).Run(linear, groups, from, Of(y, rows, width), false, Precision.Exact);
        WriteOut(linear, part, groups, from, Of(expected, rows, width));
        ShouldBeEqual(y, expected, string.Join("; ", Enumerable.Range(0, Adapters).Select(kindOf)));
        DisposePlans(groups);
    }

    private void WriteOut(FusedLinear linear, LinearPart part, PlanRows[] groups, Rows x, Rows y)
    {
        using NativeBuffer changed = new((long)x.Count * x.Width * sizeof(float));
        Rows seen = Of(changed, x.Count, x.Width);
        x.CopyTo(seen);
        foreach (PlanRows group in groups)
        {
            foreach (InputScaleEffect effect in group.Plan.At(part.Site).ToArray().OfType<InputScaleEffect>())
            {
                EachRow(seen.Slice(group.First, group.Count), effect.Scale, (v, row, width) => _compute.MultiplyInto((float*)v, (float*)row, width));
            }
        }

        // In a fused matrix the other parts see the input as it was; with one row fewer or more the product may be summed in another order.
        _compute.Multiply(linear.Matrix, x.Data, x.Stride, x.Count, y.Data, y.Stride, false, Precision.Exact);
        foreach (PlanRows group in groups)
        {
            LinearEffect[] effects = group.Plan.At(part.Site).ToArray();
            Rows own = y.Slice(group.First, group.Count).Columns(part.Offset, part.Width);
            float* bias = linear.BiasOf(part);
            if (effects.OfType<InputScaleEffect>().Any())
            {
                Product(linear, part, groups, group, seen, own);
            }

            if (effects.OfType<WeightEffect>().LastOrDefault() is { } replaced)
            {
                fixed (float* weight = replaced.Weight.Data)
                {
                    _compute.MultiplyPlain(weight, part.Width, x.Width, x.Row(group.First), x.Stride, group.Count, own.Data, own.Stride, false);
                }

                Finish(group, effects, replaced.Bias!, x, own);
            }
            else
            {
                Finish(group, effects, Tensor.From(new ReadOnlySpan<float>(bias, part.Width), part.Width), x, own);
            }

            foreach (LinearPart other in linear.Parts.Where(p => p != part))
            {
                Finish(group, [], Tensor.From(new ReadOnlySpan<float>(linear.BiasOf(other), other.Width), other.Width), x,
                    y.Slice(group.First, group.Count).Columns(other.Offset, other.Width));
            }
        }
    }

    // A single layer's changed inputs share the product of all rows; in a fused one they have a product of their own.
    private void Product(FusedLinear linear, LinearPart part, PlanRows[] groups, PlanRows group, Rows seen, Rows y)
    {
        bool single = linear.Parts.Count == 1;
        PlanRows rows = single ? new PlanRows(group.Plan, 0, groups.Sum(g => g.Count)) : group;
        using NativeBuffer product = new((long)rows.Count * linear.Matrix.Rows * sizeof(float));
        _compute.Multiply(linear.Matrix, seen.Row(rows.First), seen.Stride, rows.Count, product.Floats, linear.Matrix.Rows, false, Precision.Exact);
        Of(product, rows.Count, linear.Matrix.Rows).Slice(single ? group.First : 0, group.Count).Columns(part.Offset, part.Width).CopyTo(y);
    }

    private void Finish(PlanRows group, LinearEffect[] effects, Tensor bias, Rows x, Rows y)
    {
        int leading = effects.TakeWhile(e => e is OutputScaleEffect { ScalesBias: false }).Count();
        for (int i = 0; i < leading; i++)
        {
            EachRow(y, ((OutputScaleEffect)effects[i]).Scale, (v, row, width) => _compute.MultiplyInto((float*)v, (float*)row, width));
        }

        EachRow(y, bias, (v, row, width) => _compute.Add((float*)v, (float*)row, width));
        foreach (LinearEffect effect in effects[leading..])
        {
            switch (effect)
            {
                case BiasEffect added:
                    EachRow(y, added.Bias, (v, row, width) => _compute.Add((float*)v, (float*)row, width));
                    break;
                case OutputScaleEffect scale:
                    EachRow(y, scale.Scale, (v, row, width) => _compute.MultiplyInto((float*)v, (float*)row, width));
                    if (!scale.ScalesBias)
                    {
                        EachRow(y, scale.Scale, (v, row, width) =>
                        {
                            for (int i = 0; i < width; i++)
                            {
                                ((float*)row)[i] += bias.Data[i] * (1 - ((float*)v)[i]);
                            }
                        });
                    }

                    break;
                case LowRankEffect low:
                    _compute.LowRankAdd([new LowRankRows(group.Plan.FactorsOf(low), low.Scale, x.Row(group.First), x.Stride, group.Count, y.Data, y.Stride)], Precision.Exact);
                    break;
                case Tanh:
                    for (int row = 0; row < y.Count; row++)
                    {
                        Span<float> values = new(y.Row(row), y.Width);
                        for (int i = 0; i < values.Length; i++)
                        {
                            values[i] = MathF.Tanh(values[i]);
                        }
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static void EachRow(Rows y, Tensor vector, Action<nint, nint, int> apply)
    {
        fixed (float* v = vector.Data)
        {
            for (int row = 0; row < y.Count; row++)
            {
                apply((nint)v, (nint)y.Row(row), y.Width);
            }
        }
    }

    // Neighbours with one row, and with several.
    private PlanRows[] Groups(Func<int, Effect[]> effects, out int rows)
    {
        List<PlanRows> groups = [];
        rows = 0;
        for (int i = 0; i < Adapters; i++)
        {
            groups.Add(new PlanRows(EffectPlan.Compile($"adapter {i}", "", effects(i), _reference.Shape), rows, 1 + (i % 3)));
            rows += groups[^1].Count;
        }

        return [.. groups];
    }

    private static void DisposePlans(PlanRows[] groups) => Array.ForEach(groups, g => g.Plan.Dispose());

    private static Rows Of(NativeBuffer buffer, int rows, int width) => new(buffer.Floats, width, rows, width);

    private static NativeBuffer Random(Random random, int count)
    {
        NativeBuffer buffer = new((long)count * sizeof(float));
        RandomTensors.Normal(random, 1, count).Data.CopyTo(new Span<float>(buffer.Floats, count));
        return buffer;
    }

    private static Tensor Vector(Random random, int size) => RandomTensors.Normal(random, 0.3, size).Plus(1);

    private static OutputScaleEffect Scale(Random random, ModuleInfo module, bool scalesBias) => new(module.Linear!.Value, Vector(random, module.Outputs), scalesBias);

    private static LowRankEffect Low(Random random, ModuleInfo module) =>
        new(module.Linear!.Value, RandomTensors.Normal(random, 0.3, 3, module.Inputs), RandomTensors.Normal(random, 0.3, module.Outputs, 3), 0.5f);

    private static void ShouldBeEqual(NativeBuffer found, NativeBuffer expected, string because)
    {
        ReadOnlySpan<float> a = new(found.Floats, (int)(found.Bytes / sizeof(float))), b = new(expected.Floats, a.Length);
        a.SequenceEqual(b).ShouldBeTrue($"{because}: first at {a.CommonPrefixLength(b)}");
    }

    private sealed class Tanh(LinearSite site) : CustomLinearEffect(site)
    {
        public override Tensor TransformOutput(Tensor x, Tensor y)
        {
            Tensor result = new(y.Shape);
            for (int i = 0; i < y.Length; i++)
            {
                result.Data[i] = MathF.Tanh(y.Data[i]);
            }

            return result;
        }
    }
}
