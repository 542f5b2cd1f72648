using Microsoft.Extensions.Primitives;
using SkPeft.Connectors.Hosting;

namespace SkPeft.Host.Serving;

/// <summary>Tells when a file has changed; what is in it is read by whoever is told.</summary>
/// <remarks>It is looked at every second, as key files are: that works on every file system, and through links.</remarks>
internal sealed class FollowedFile : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private CancellationTokenSource _change = new();
    private FileStamp _told;
    private FileStamp _seen;

    /// <param name="path">The file.</param>
    /// <param name="time">The clock of looking at it.</param>
    public FollowedFile(string path, TimeProvider time)
    {
        Path = System.IO.Path.GetFullPath(path);
        _told = _seen = FileStamp.Of(Path);
        _timer = time.CreateTimer(_ => Look(), null, s_pause, s_pause);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A token that tells of the next change.</summary>
    public IChangeToken Changes()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_change.Token);
        }
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        CancellationTokenSource? change = null;
        lock (_gate)
        {
            FileStamp now = FileStamp.Of(Path);

            // Told when it rests: whoever writes in several steps is not read in the middle.
            if (now != _told && now == _seen)
            {
                _told = now;
                (change, _change) = (_change, new CancellationTokenSource());
            }

            _seen = now;
        }

        change?.Cancel();
        change?.Dispose();
    }

    public void Dispose() => _timer.Dispose();
}
