using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;

namespace SkPeft.Connectors.Hosting;

/// <summary>A client of a model that is opened in the background: requests wait until it is ready, and are counted while they run.</summary>
internal sealed class HostedChatClient : IChatClient
{
    private readonly RuntimeHost _host;
    private readonly Drain _drain;
    private readonly ClientBinding _binding;
    private readonly Lazy<PeftChatClient> _client;

    public HostedChatClient(RuntimeHost host, Drain drain, ClientBinding binding)
    {
        _host = host;
        _drain = drain;
        _binding = binding;
        _client = new Lazy<PeftChatClient>(() => host.Open().CreateClient(binding));
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Enter();
        try
        {
            using CancellationTokenSource either = Either(cancellationToken);
            PeftChatClient client = await ReadyAsync(either.Token);
            return await client.GetResponseAsync(messages, options, either.Token);
        }
        catch (OperationCanceledException) when (WasCutOff(cancellationToken))
        {
            throw Stopping("was cut off: it did not finish within the host's shutdown timeout");
        }
        finally
        {
            _drain.Leave();
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(messages, options, cancellationToken);
    }

    /// <summary>What the client itself gives, once the model is opened; before that its metadata.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return _host.Opened is not null ? _client.Value.GetService(serviceType, serviceKey)
            : serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata()
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            using CancellationTokenSource either = Either(cancellationToken);
            PeftChatClient client = await ReadyAsync(either.Token);
            await using IAsyncEnumerator<ChatResponseUpdate> updates = client.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
            while (await MoveAsync(updates, cancellationToken))
            {
                yield return updates.Current;
            }
        }
        finally
        {
            _drain.Leave();
        }
    }

    // An iterator cannot catch around its own yield.
    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            // Tokens that are there already are cut off as well.
            _drain.Cut.ThrowIfCancellationRequested();
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException) when (WasCutOff(cancellationToken))
        {
            throw Stopping("was cut off: it did not finish within the host's shutdown timeout");
        }
    }

    private void Enter()
    {
        if (!_drain.TryEnter())
        {
            throw Stopping("is not taken");
        }
    }

    // A service provider without a host starts nothing: then the first request does.
    private async Task<PeftChatClient> ReadyAsync(CancellationToken cancellation)
    {
        await _host.BeginAsync(_drain.Cut).WaitAsync(cancellation);
        return _client.Value;
    }

    private ChatClientMetadata Metadata()
    {
        RouteExplanation own = new SkillRouter(_host.Skills).Route(new RouteRequest { ClientSkill = _binding.Skill, ClientAdapter = _binding.Adapter });
        return new ChatClientMetadata(PeftChatClient.ProviderName, null, own.IsRefused ? null : own.Adapter);
    }

    private CancellationTokenSource Either(CancellationToken cancellationToken) => CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _drain.Cut);

    private bool WasCutOff(CancellationToken cancellationToken) => _drain.Cut.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

    private static HostStoppingException Stopping(string what) => new(what);
}
