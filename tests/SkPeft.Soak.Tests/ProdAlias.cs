namespace SkPeft.Soak.Tests;

/// <summary>What an alias names, and whether it is being changed just now. One thread changes it, any may look.</summary>
internal sealed class ProdAlias
{
    private readonly Lock _gate = new();
    private State _now = new(1, 0, false);

    public State Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    /// <summary>Makes a change that takes a while, in which the alias may be either.</summary>
    public void Change(int version, Action change)
    {
        Set(Now with { IsChanging = true });
        change();
        Set(new State(version, Now.Changes + 1, false));
    }

    private void Set(State state)
    {
        lock (_gate)
        {
            _now = state;
        }
    }

    /// <param name="Version">The version that it names, where it is not being changed.</param>
    /// <param name="Changes">How often it was changed.</param>
    /// <param name="IsChanging">Whether it is being changed.</param>
    public sealed record State(int Version, long Changes, bool IsChanging);
}

/// <summary>An answer through an alias.</summary>
/// <param name="Reference">The version that gave it, by its receipt.</param>
/// <param name="IsSure">Whether the alias named one version only while the request was admitted, and it was this one.</param>
internal sealed record ProdAnswer(string Reference, bool IsSure);
