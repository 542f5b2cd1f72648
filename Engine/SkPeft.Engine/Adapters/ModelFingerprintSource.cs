namespace SkPeft.Engine.Adapters;

/// <summary>A model's fingerprint, computed when it is first asked for (hashing the weights reads the whole file).</summary>
internal sealed class ModelFingerprintSource(Func<ModelFingerprint> compute)
{
    private readonly Lazy<ModelFingerprint> _value = new(compute);

    public ModelFingerprint Value => _value.Value;
}
