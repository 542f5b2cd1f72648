using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Serving;

/// <summary>What the command line of <c>serve</c> says; null or empty where it says nothing.</summary>
internal sealed record ServeRequest
{
    /// <summary>A model's file or folder, or a folder with a <c>skills.json</c>.</summary>
    public string? Model { get; init; }

    public string? Store { get; init; }

    public IReadOnlyList<string> Plugins { get; init; } = [];

    public string? Config { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [];

    public IReadOnlyList<string> AdminUrls { get; init; } = [];

    public string? KeyFile { get; init; }

    public IReadOnlyList<string> LoraFolders { get; init; } = [];

    public IReadOnlyList<string> RunFolders { get; init; } = [];

    public int? MaxTokens { get; init; }

    public Precision? Precision { get; init; }

    public int? Threads { get; init; }
}
