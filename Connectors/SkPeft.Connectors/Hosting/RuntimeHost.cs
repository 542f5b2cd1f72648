using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Generation;

namespace SkPeft.Connectors.Hosting;

/// <summary>
/// Opens what settings describe, once, in the background: model, store and plugins, then every skill's module, then a first token; from that
/// token on it is ready. The hosted service and the HTTP server open, watch and close a model through this.
/// </summary>
/// <param name="settings">What to open.</param>
/// <param name="folder">What relative paths are relative to.</param>
/// <param name="logger">Hears of plugins.</param>
/// <param name="time">The clock.</param>
/// <param name="scope">The scope of its meters, where several runtimes of one process are told apart.</param>
internal sealed class RuntimeHost(SkPeftSettings settings, string folder, ILogger? logger, TimeProvider time, object? scope = null) : IDisposable
{
    private readonly TaskCompletionSource<PeftRuntime> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<PeftRuntime> _runtime = new(() => PeftRuntime.Open(settings, folder, logger, time, scope));
    private readonly SkillMap _configured = SkillMap.Check(settings.Skills, settings.AllowBase);
    private int _begun;

    /// <summary>Completes with the first token; fails with what stopped the opening.</summary>
    public Task<PeftRuntime> Ready => _ready.Task;

    /// <summary>What stopped the opening; null: nothing yet.</summary>
    public Exception? Failure => _ready.Task.Exception?.InnerException;

    /// <summary>Opened by now; null before.</summary>
    public PeftRuntime? Opened => _runtime.IsValueCreated ? _runtime.Value : null;

    /// <summary>The skills as they are now.</summary>
    public SkillMap Skills => Opened?.Skills ?? _configured;

    /// <summary>What is wrong with the configuration that was read last, where the one before is still served; null: nothing.</summary>
    public string? ReloadProblem { get; set; }

    /// <summary>Opens what is not opened yet, and waits for that; neither modules nor a token.</summary>
    /// <exception cref="ConfigurationException">Something cannot be opened; the message names its key.</exception>
    public PeftRuntime Open() => _runtime.Value;

    /// <summary>Begins, where nobody has yet.</summary>
    /// <param name="cancellation">Gives the opening up.</param>
    /// <returns><see cref="Ready"/>.</returns>
    public Task<PeftRuntime> BeginAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _ = Task.Run(() => OpenAsync(cancellation), CancellationToken.None);
        }

        return Ready;
    }

    /// <summary>Closes what was opened. Requests that still run end with an error.</summary>
    public void Dispose()
    {
        _ready.TrySetException(new ObjectDisposedException(nameof(PeftRuntime)));
        _ = Failure;
        Opened?.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            PeftRuntime runtime = Open();
            await runtime.CheckSkillsAsync(cancellation);
            await RequireTokenAsync(runtime, cancellation);
            _ready.TrySetResult(runtime);
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
        }
    }

    private static async Task RequireTokenAsync(PeftRuntime runtime, CancellationToken cancellation)
    {
        // A model without a tokenizer is refused by whoever makes a client of it.
        if (runtime.Model.Tokenizer is not { } tokenizer)
        {
            throw new UnsupportedModelException(runtime.Model.Path, "tokenizer", "absent", "models whose files bring a tokenizer");
        }

        IReadOnlyList<int> prompt = tokenizer.BosId is { } bos ? [bos] : tokenizer.Encode("Hello");
        await foreach (GenerationUpdate update in runtime.Model.Engine.GenerateAsync(new GenerationRequest { Prompt = prompt, MaxTokens = 1 }, cancellation))
        {
            if (update.Finish is not null)
            {
                return;
            }
        }
    }
}
