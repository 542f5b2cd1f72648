namespace SkPeft.Http.Pipeline;

/// <summary>What the gate asks of whoever calls an endpoint.</summary>
internal sealed record Door
{
    /// <summary>For probes and documents: open to everybody, also while the server stops.</summary>
    public static Door Open { get; } = new();

    /// <summary>For numbers about the server.</summary>
    public static Door Locked { get; } = new() { NeedsKey = true };

    /// <summary>For work: a key, its budget, and a server that does not stop.</summary>
    public static Door Work { get; } = new() { NeedsKey = true, IsWork = true };

    /// <summary>For the operator: on the admin's own address only.</summary>
    public static Door Admin { get; } = new() { NeedsKey = true, IsAdmin = true };

    /// <summary>For the operator's page: on the admin's own address only, and without a key: it is how one is entered.</summary>
    public static Door Page { get; } = new() { IsAdmin = true };

    public bool NeedsKey { get; private init; }

    public bool IsWork { get; private init; }

    public bool IsAdmin { get; private init; }
}
