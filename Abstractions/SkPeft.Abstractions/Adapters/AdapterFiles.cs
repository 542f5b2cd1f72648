namespace SkPeft;

/// <summary>The verified files of an adapter, ready to be parsed.</summary>
/// <param name="Name">What the caller calls it; for messages.</param>
/// <param name="Digest">SHA-256 over the digests of its files.</param>
/// <param name="ConfigPath">The full path of <c>adapter_config.json</c> (its name on disk may differ).</param>
/// <param name="WeightsPath">The full path of <c>adapter_model.safetensors</c> (its name on disk may differ).</param>
/// <param name="Base">The base it was made for, where that is known.</param>
public sealed record AdapterFiles(string Name, string Digest, string ConfigPath, string WeightsPath, ModelFingerprint? Base)
{
    /// <summary>The task that a multitask adapter is to serve, or null where none is asked for.</summary>
    public int? Task { get; init; }
}
