using System.Runtime.InteropServices;

namespace SkPeft.Host;

/// <summary>Ctrl-C (or SIGTERM) as a cancellation, from the first moment on; the second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];

    public CancellationToken Token => _source.Token;

    // The source is left alone: a signal may be on its way.
    public void Dispose() => Array.ForEach(_registrations, r => r.Dispose());

    private void Handle(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
