namespace SkPeft;

/// <summary>An adapter in memory, ready for one model. Holds its plugin until it is disposed.</summary>
/// <remarks>Immutable and shared by requests; disposed by whoever loaded it, after the last request.</remarks>
public interface ILoadedAdapter : IDisposable
{
    /// <summary>The <c>peft_type</c>.</summary>
    string PeftType { get; }

    /// <summary>Bytes that it occupies.</summary>
    long Bytes { get; }

    /// <summary>The modules of the base that it touches.</summary>
    IReadOnlyList<string> MatchedModules { get; }

    /// <summary>The classes that it scores, where it classifies (SEQ_CLS) and generates no text; empty for most adapters.</summary>
    IReadOnlyList<string> Labels => [];

    /// <summary>The soft tokens that every prompt must have places for; null for most adapters.</summary>
    SoftSlots? Slots => null;

    /// <summary>The plugin that made it.</summary>
    PluginIdentity Plugin { get; }

    /// <summary>The model that it was loaded for.</summary>
    ModelFingerprint Model { get; }

    /// <summary>What the receipt must mention, for instance that the weights' fingerprint differs.</summary>
    IReadOnlyList<string> Warnings { get; }
}

/// <summary>Turns an adapter's files into a loaded adapter for the model in this process.</summary>
public interface IAdapterLoader
{
    /// <summary>Parses, checks and builds. Runs beside the engine and never blocks it.</summary>
    ValueTask<ILoadedAdapter> LoadAsync(AdapterFiles files, CancellationToken cancellationToken = default);

    /// <summary>True where the plugin that made <paramref name="adapter"/> is still the newest one of its method.</summary>
    bool IsCurrent(ILoadedAdapter adapter);
}
