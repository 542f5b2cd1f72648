using System.Runtime.CompilerServices;

namespace SkPeft.Plugins;

/// <summary>The objects of a plugin that left the catalog, remembered weakly: they say what still holds a plugin that should be gone.</summary>
internal sealed class HandedOut
{
    private const int FirstPrune = 64;
    private readonly List<(WeakReference Object, string What)> _objects = [];
    private int _pruneAt = FirstPrune;

    public void Track(object given, string what)
    {
        lock (_objects)
        {
            if (_objects.Count >= _pruneAt)
            {
                _objects.RemoveAll(o => !o.Object.IsAlive);
                _pruneAt = Math.Max(FirstPrune, _objects.Count * 2);
            }

            _objects.Add((new WeakReference(given), what));
        }
    }

    /// <summary>What is alive, as text; empty where nothing is.</summary>
    public IReadOnlyList<string> Alive()
    {
        lock (_objects)
        {
            return [.. _objects.Select(o => Describe(o.Object, o.What)).OfType<string>()];
        }
    }

    // Not inlined: the target may not linger in a stack slot of the caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Describe(WeakReference reference, string what) =>
        reference.Target is { } alive ? $"{alive.GetType().FullName} ({what})" : null;
}
