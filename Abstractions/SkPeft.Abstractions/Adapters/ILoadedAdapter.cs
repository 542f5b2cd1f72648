namespace SkPeft;

/// <summary>An adapter in memory, ready for one model. Holds its plugin until it is disposed.</summary>
/// <remarks>Immutable and shared by requests; disposed by whoever loaded it, after the last request.</remarks>
public interface ILoadedAdapter : IDisposable
{
    /// <summary>The <c>peft_type</c>; of adapters that act together all of them, with <c>+</c> between.</summary>
    string PeftType { get; }

    /// <summary>Bytes that it occupies.</summary>
    long Bytes { get; }

    /// <summary>The modules of the base that it touches.</summary>
    IReadOnlyList<string> MatchedModules { get; }

    /// <summary>The classes that it scores, where it classifies (SEQ_CLS) and generates no text; empty for most adapters.</summary>
    IReadOnlyList<string> Labels => [];

    /// <summary>The soft tokens that every prompt must have places for; null for most adapters.</summary>
    SoftSlots? Slots => null;

    /// <summary>The plugin that made it; of adapters that act together the first one's.</summary>
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

    /// <summary>
    /// Makes one adapter of several that act together on a request: their effects in this order, additions times their weight. It shares their
    /// memory and keeps them until it is disposed.
    /// </summary>
    /// <exception cref="AdapterCompositionException">Two of them want the same place, or a method that does more than add has a weight.</exception>
    ILoadedAdapter Compose(IReadOnlyList<WeightedAdapter> parts);

    /// <summary>True where the plugin that made <paramref name="adapter"/> is still the newest one of its method.</summary>
    bool IsCurrent(ILoadedAdapter adapter);
}

/// <summary>An adapter of this loader, and what its additions are multiplied by.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Weight">The weight; 1 leaves it as it is.</param>
public sealed record WeightedAdapter(ILoadedAdapter Adapter, float Weight);
