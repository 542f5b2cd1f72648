using SkPeft.Engine.Models.Loading;

namespace SkPeft.Engine.Models;

/// <summary>
/// A model's files for readers beside the engine (adapters that load, fingerprints): closing waits for those that read, and whoever comes
/// later gets an error instead of memory that is no longer mapped.
/// </summary>
internal sealed class OpenModelFiles(IWeightSource source) : IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private bool _closed;

    /// <summary>The checked configuration.</summary>
    public LlamaConfig Config => source.Config;

    /// <summary>Reads from the files.</summary>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    public T Read<T>(Func<IWeightSource, T> read)
    {
        _gate.EnterReadLock();
        try
        {
            return _closed ? throw new ObjectDisposedException(nameof(LanguageModel), "The model was closed: its files can no longer be read.") : read(source);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _gate.EnterWriteLock();
        try
        {
            _closed = true;
            source.Dispose();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
