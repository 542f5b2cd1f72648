using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Answers;
using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Telemetry;
using SkPeft.Engine;

namespace SkPeft.Connectors;

/// <summary>
/// One model in this process as an <see cref="IChatClient"/>: every request is answered through the adapter that its route names, and says
/// which one that was (<see cref="Receipt"/>). Options are honoured or refused by name.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. A request holds its adapter's version from its first token to its last, whatever is promoted or reloaded
/// meanwhile. Cancellation is seen between tokens.</para>
/// <para>Without a temperature answers are greedy; where only TopP, TopK, min_p or typical_p is given, the temperature is 1. Names in
/// AdditionalProperties: <see cref="PropertyNames"/>. The finish reason stands in AdditionalProperties <c>finish_reason</c> as well, for
/// wrappers that drop the typed one.</para>
/// <para>It owns neither model nor leases: disposing it does nothing.</para>
/// </remarks>
public sealed class PeftChatClient : IChatClient
{
    /// <summary>The key of the finish reason in AdditionalProperties.</summary>
    public const string FinishReasonProperty = "finish_reason";

    internal const string ProviderName = "skpeft";

    private readonly LanguageModel _model;
    private readonly IAdapterLeases _leases;
    private readonly ISkillRouter _router;
    private readonly RequestReader _reader;
    private readonly AnswerWriter _writer;
    private readonly TimeProvider _time;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates a client.</summary>
    /// <param name="model">The model; it needs a tokenizer.</param>
    /// <param name="leases">Where adapters come from.</param>
    /// <param name="router">Who decides which adapter answers.</param>
    /// <param name="options">What it does where a request says nothing.</param>
    /// <param name="time">The clock of <c>CreatedAt</c>, and of templates that write the date.</param>
    /// <exception cref="UnsupportedModelException">The model has no tokenizer.</exception>
    public PeftChatClient(LanguageModel model, IAdapterLeases leases, ISkillRouter router, PeftChatClientOptions? options = null, TimeProvider? time = null)
        : this(model, leases, router, options, time, null)
    {
    }

    internal PeftChatClient(
        LanguageModel model, IAdapterLeases leases, ISkillRouter router, PeftChatClientOptions? options, TimeProvider? time, IPromptRenderer? renderer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(leases);
        ArgumentNullException.ThrowIfNull(router);
        if (model.Tokenizer is null)
        {
            throw new UnsupportedModelException(model.Path, "tokenizer", "absent", "models whose files bring a tokenizer");
        }

        Options = options ?? new PeftChatClientOptions();
        _model = model;
        _leases = leases;
        _router = router;
        _reader = new RequestReader(Options);
        _time = time ?? TimeProvider.System;
        _writer = new AnswerWriter(model, new PromptBuilder(model.Tokenizer, () => renderer ?? OwnTemplate(model, _time), model.Path));
        RouteExplanation own = router.Route(new RouteRequest { ClientSkill = Options.Skill, ClientAdapter = Options.Adapter });
        _metadata = new ChatClientMetadata(ProviderName, null, own.IsRefused ? null : own.Adapter);
    }

    /// <summary>What it does where a request says nothing.</summary>
    public PeftChatClientOptions Options { get; }

    /// <summary>What a request with these options would get, and why.</summary>
    /// <exception cref="InvalidOptionException">A property is not known or cannot be read.</exception>
    public RouteExplanation Explain(ChatOptions? options = null) => _router.Explain(_reader.ReadRoute(options));

    /// <inheritdoc/>
    /// <exception cref="NoRouteException">The request names no adapter, and no rule gives it one.</exception>
    /// <exception cref="InvalidOptionException">An option cannot be honoured.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ResponseCollector collector = new();
        await foreach (ChatResponseUpdate update in GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            collector.Add(update);
        }

        return collector.ToResponse();
    }

    /// <inheritdoc/>
    /// <exception cref="NoRouteException">The request names no adapter, and no rule gives it one.</exception>
    /// <exception cref="InvalidOptionException">An option cannot be honoured.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : serviceType.IsInstanceOfType(_router) ? _router
            : serviceType.IsInstanceOfType(_leases) ? _leases
            : null;
    }

    /// <summary>Does nothing: the model and the adapters belong to whoever made them.</summary>
    public void Dispose()
    {
    }

    private static TemplatePromptRenderer? OwnTemplate(LanguageModel model, TimeProvider time) =>
        model.ChatTemplate is { } template ? new TemplatePromptRenderer(template, model.Tokenizer!, time) : null;

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        ChatRequest request = _reader.Read(messages, options, this);
        RouteExplanation route = _router.Route(request.Route);
        if (route.IsRefused)
        {
            throw new NoRouteException(route.Reason);
        }

        request = request with { MaxTokens = request.MaxTokens ?? route.Skill?.MaxOutputTokens ?? Options.MaxOutputTokens };

        // Held until the enumerator is disposed: on the last token, on cancellation, on an error, or when the reader walks away.
        using IAdapterLease? lease = await AnswerTelemetry.LeaseAsync(AnswerTelemetry.Chat, _leases, route, _model.Path, start, cancellationToken);
        Receipt receipt = ReceiptWriter.Write(route, lease, _model.Path);
        string id = $"skpeft-{Guid.NewGuid():N}";
        DateTimeOffset created = _time.GetUtcNow();
        using AnswerSpan span = new(AnswerTelemetry.Chat, receipt, start);
        await using IAsyncEnumerator<ChatResponseUpdate> updates = Begin(span, () => _writer.WriteAsync(request, route.Skill, lease?.Adapter, receipt, id, cancellationToken))
            .GetAsyncEnumerator(cancellationToken);
        while (await span.MoveAsync(updates))
        {
            ChatResponseUpdate update = updates.Current;
            span.See(update);
            update.ResponseId = id;
            update.MessageId = id;
            update.Role = ChatRole.Assistant;
            update.CreatedAt = created;
            update.ModelId = receipt.Reference;
            yield return update;
        }
    }

    // What cannot be answered at all is refused here, and is no cancellation.
    private static IAsyncEnumerable<ChatResponseUpdate> Begin(AnswerSpan span, Func<IAsyncEnumerable<ChatResponseUpdate>> write)
    {
        try
        {
            return write();
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
    }
}
