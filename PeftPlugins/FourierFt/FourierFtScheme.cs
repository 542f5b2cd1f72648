using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Torch;

namespace SkPeft.Peft.FourierFt;

/// <summary>ΔW = scaling · Re IFFT2(spectrum), whose entries are learned at places drawn from a seed, and 0 elsewhere.</summary>
/// <param name="options">What all such methods share.</param>
internal sealed class FourierFtScheme(LayerOptions options) : LayerScheme(options)
{
    private const string Spectrum = "fourierft_spectrum";

    /// <summary>How many entries every module has.</summary>
    public required ModuleNumbers Frequencies { get; init; }

    /// <summary>The factor.</summary>
    public required float Scaling { get; init; }

    /// <summary>The seed of the places.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the spectrum starts at zero, so that step 0 is the frozen base.</summary>
    public required bool StartsAtBase { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static FourierFtScheme Read(AdapterConfigReader reader) => new(LayerOptions.Read(reader, hasBias: true))
    {
        Frequencies = ModuleNumbers.ReadWhole(reader, "n_frequency", 1000, "n_frequency_pattern"),
        Scaling = reader.Number("scaling", 150),
        Seed = TorchSeed.Read(reader, "random_loc_seed", 777),
        StartsAtBase = reader.Flag("init_weights", false),
    };

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        int count = Frequencies.WholeOf(layer.Seen);
        long size = (long)layer.Inputs * layer.Outputs;
        if (count > size)
        {
            throw Options.Problem($"n_frequency is {count} for {layer.Module.Name}; its weight has {size} frequencies");
        }

        if (size >= TorchGenerator.PermutationLimit)
        {
            throw Options.Problem($"{layer.Module.Name} is targeted, with a weight of {size} elements; places are drawn in weights below {TorchGenerator.PermutationLimit}");
        }

        return [new LayerTensor(Spectrum, count) { Start = StartsAtBase ? Starts.Zero : Starts.Normal(0, 1) }];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor spectrum = tensors[Spectrum];
        long[] places = new TorchGenerator(Seed).FirstOfPermutation((long)layer.Inputs * layer.Outputs, spectrum.Length);
        int[] rows = [.. places.Select(p => (int)(p / layer.Inputs))];
        int[] columns = [.. places.Select(p => (int)(p % layer.Inputs))];
        return [new WeightDeltaEffect(layer.Site, spectrum.InverseFourier(rows, columns, layer.Outputs, layer.Inputs).Scale(Scaling))];
    }
}
