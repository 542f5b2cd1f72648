using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Telemetry;
using SkPeft.Engine.Generation;
using SkPeft.Http.Hosting;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary>Continues the prompts of one request, all with the same version of the module.</summary>
internal sealed class CompletionRun : IDisposable
{
    private readonly ServedRuntime _served;
    private readonly CompletionCall _call;
    private readonly IAdapterLease? _lease;

    private readonly long _start;

    private CompletionRun(ServedRuntime served, CompletionCall call, RouteExplanation route, IAdapterLease? lease, long start)
    {
        (_served, _call, _lease, _start) = (served, call, lease, start);
        Receipt = ReceiptWriter.Write(route with { Skill = null, Reason = $"{route.Reason} The prompt was taken as it is." }, lease, served.Runtime.Model.Path);
    }

    public Receipt Receipt { get; }

    /// <summary>Who answers, by the name that the list of models has.</summary>
    public string ModelName => _served.Names.Shown(Receipt.Reference);

    /// <exception cref="NoRouteException">The request names nothing that may answer.</exception>
    public static async Task<CompletionRun> BeginAsync(ServedRuntime served, CompletionCall call, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        RouteExplanation route = served.Runtime.Router.Route(call.Model.Route());
        if (route.IsRefused)
        {
            throw new NoRouteException(route.Reason);
        }

        IAdapterLease? lease = await AnswerTelemetry.LeaseAsync(
            AnswerTelemetry.Completion, served.Runtime.Residency, route, served.Runtime.Model.Path, start, cancellation);
        return new CompletionRun(served, call, route, lease, start);
    }

    /// <summary>The pieces of all answers as they come.</summary>
    public IAsyncEnumerable<(int Index, GenerationUpdate Piece)> RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<int>[] prompts = [.. _call.Prompts.Select(p => p.Encode(_served.Tokenizer, _lease?.Adapter.Slots))];
        GenerationRequest[] requests = [.. Enumerable.Range(0, _call.Choices).Select(i => Request(prompts[i / _call.PerPrompt], i % _call.PerPrompt))];
        return Answers.Choices.MergeAsync<GenerationUpdate>(
            [.. requests.Select(r => (Func<CancellationToken, IAsyncEnumerable<GenerationUpdate>>)(token => AnswerAsync(r, token)))],
            cancellation);
    }

    public void Dispose() => _lease?.Dispose();

    // Every answer is a span of its own, and the times to its tokens are its own.
    private async IAsyncEnumerable<GenerationUpdate> AnswerAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using AnswerSpan span = new(AnswerTelemetry.Completion, Receipt, _start);
        await using IAsyncEnumerator<GenerationUpdate> updates = _served.Runtime.Model.Engine.GenerateAsync(request, cancellation).GetAsyncEnumerator(cancellation);
        while (await span.MoveAsync(updates))
        {
            span.See(updates.Current);
            yield return updates.Current;
        }
    }

    private GenerationRequest Request(IReadOnlyList<int> prompt, int choice)
    {
        // Read by the connector's rules, so that an option means the same at both doors.
        ChatOptions options = SamplingParameters.ForChoice(_call.Options, choice, _call.PerPrompt);
        ChatRequest read = new RequestReader(new PeftChatClientOptions()).Read([new ChatMessage(ChatRole.User, "")], options, _served.Client);
        return new GenerationRequest
        {
            Prompt = prompt, Adapter = _lease?.Adapter, Sampling = read.Sampling, MaxTokens = read.MaxTokens, Stop = read.Stop, Precision = read.Precision,
            Tenant = read.Tenant ?? Receipt.Adapter, Priority = read.Priority, Deadline = read.Deadline, PromptLookup = read.PromptLookup,
        };
    }
}
