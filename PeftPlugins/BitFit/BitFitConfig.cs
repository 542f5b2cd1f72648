using System.Text.Json.Nodes;

namespace SkPeft.Peft.BitFit;

/// <summary>The configuration of a BitFit adapter, a format of our own.</summary>
/// <param name="Targets">Which linear layers get a bias.</param>
internal sealed record BitFitConfig(TargetModules Targets)
{
    /// <summary>What a run trains where its configuration names nothing: every linear layer of a block.</summary>
    public static JsonArray AllTargets() => ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="AdapterOptionException">An option is not supported; all of them are listed.</exception>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static BitFitConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        BitFitConfig config = new(TargetModules.Read(reader, []));
        reader.Finish();
        return config;
    }
}
