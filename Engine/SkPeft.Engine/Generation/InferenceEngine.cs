using System.Diagnostics;
using System.Runtime.CompilerServices;
using SkPeft.Engine.Adapters;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Generation;

/// <summary>Runs requests on one model. Requests may run at the same time; they take turns step by step.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class InferenceEngine
{
    private readonly ModelRuntime _runtime;
    private readonly ITokenizer? _tokenizer;
    private readonly Precision _precision;
    private readonly ModelFingerprintSource _fingerprint;

    internal InferenceEngine(ModelRuntime runtime, ITokenizer? tokenizer, Precision precision, ModelFingerprintSource fingerprint, int contextLength)
    {
        _runtime = runtime;
        _tokenizer = tokenizer;
        _precision = precision;
        _fingerprint = fingerprint;
        ContextLength = contextLength;
    }

    /// <summary>Positions that a sequence may take, virtual tokens included.</summary>
    public int ContextLength { get; }

    /// <summary>Continues a prompt, token by token. Cancellation is seen between tokens.</summary>
    /// <exception cref="InvalidOptionException">An option is out of range.</exception>
    /// <exception cref="ContextLengthException">The prompt leaves no room for an answer.</exception>
    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EffectPlan plan = PlanOf(request.Adapter);
        int[] prompt = CheckPrompt(request.Prompt);
        int instruction = CheckInstruction(request.InstructionTokens, prompt.Length);
        int limit = CheckRoom(request.MaxTokens, plan.VirtualRows + prompt.Length);
        Sampler sampler = new(request.Sampling, prompt, _runtime.Weights.Shape.Sizes.VocabularySize);
        IReadOnlySet<int> ends = request.EndIds ?? _tokenizer?.EndOfGenerationIds ?? new HashSet<int>();
        AnswerText text = new(_tokenizer, request.Stop);
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan prefill = TimeSpan.Zero;

        using Session session = new(_runtime, plan, request.Precision ?? _precision);
        ReadOnlyMemory<int> next = prompt;
        for (int count = 1; ; count++)
        {
            SampledToken token = default;
            await session.LastLogitsAsync(next, instruction, (_, logits) => token = sampler.Next(logits), cancellationToken);
            if (count == 1)
            {
                prefill = clock.Elapsed;
            }

            bool ended = ends.Contains(token.Id);
            string shown = ended ? "" : text.Push(token.Id);
            FinishReason? finish = ended || text.Stopped ? FinishReason.Stop : count == limit ? FinishReason.Length : null;
            if (finish is null)
            {
                yield return new GenerationUpdate(token, shown, null, null);
                next = new[] { token.Id };
                continue;
            }

            GenerationTimings timings = new(prompt.Length, prefill, count - 1, clock.Elapsed - prefill, sampler.Seed);
            yield return new GenerationUpdate(token, shown + text.Flush(), finish, timings);
            yield break;
        }
    }

    /// <summary>Shows the logits that follow each token of a prompt, in order.</summary>
    /// <param name="prompt">The prompt, at least one token.</param>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="from">The first token whose logits are wanted.</param>
    /// <param name="visit">Called on the engine's thread; the logits are valid during the call only.</param>
    /// <param name="instructionTokens">How many of the first tokens are the instruction; null: all.</param>
    /// <param name="precision">The precision; null: the model's own.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public async ValueTask VisitLogitsAsync(
        IReadOnlyList<int> prompt, ILoadedAdapter? adapter, int from, LogitsVisitor visit, int? instructionTokens = null,
        Precision? precision = null, CancellationToken cancellationToken = default)
    {
        EffectPlan plan = PlanOf(adapter);
        int[] ids = CheckPrompt(prompt);
        int instruction = CheckInstruction(instructionTokens, ids.Length);
        CheckRoom(0, plan.VirtualRows + ids.Length);
        using Session session = new(_runtime, plan, precision ?? _precision);
        await session.AllLogitsAsync(ids, instruction, from, visit, cancellationToken);
    }

    /// <summary>The log-probabilities of given answers behind one prompt: the prompt is read once for all of them where the adapter allows.</summary>
    /// <param name="prompt">The prompt, at least one token; it is the instruction.</param>
    /// <param name="answer">The answer's tokens, at least one.</param>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="precision">The precision; null: the model's own.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>The natural log-probability of each token of the answer.</returns>
    public async ValueTask<double[]> ScoreAsync(
        IReadOnlyList<int> prompt, IReadOnlyList<int> answer, ILoadedAdapter? adapter, Precision? precision = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(answer.Count);
        double[] scores = new double[answer.Count];
        int[] all = [.. prompt, .. answer.Take(answer.Count - 1)];
        _ = CheckPrompt(answer);
        await VisitLogitsAsync(all, adapter, prompt.Count - 1, (index, logits) =>
        {
            int at = index - (prompt.Count - 1);
            scores[at] = logits[answer[at]] - LogProbabilities.Normaliser(logits);
        }, prompt.Count, precision, cancellationToken);
        return scores;
    }

    private EffectPlan PlanOf(ILoadedAdapter? adapter) => adapter switch
    {
        null => EffectPlan.Empty,
        LoadedAdapter loaded when loaded.IsFor(_fingerprint) => loaded.Plan,
        _ => throw new InvalidOptionException("adapter", "an adapter that another model's loader made", "one loaded by this model's loader"),
    };

    private int[] CheckPrompt(IReadOnlyList<int> ids)
    {
        int vocabulary = _runtime.Weights.Shape.Sizes.VocabularySize;
        if (ids.Count == 0)
        {
            throw new InvalidOptionException("prompt", "no tokens", "at least one token (an empty text has none: give a BOS token or some text)");
        }

        foreach (int id in ids)
        {
            if (id < 0 || id >= vocabulary)
            {
                throw new InvalidOptionException("token id", $"{id}", $"0 to {vocabulary - 1}, the vocabulary of this model");
            }
        }

        return [.. ids];
    }

    private static int CheckInstruction(int? tokens, int prompt) =>
        tokens is null ? prompt
        : tokens > 0 && tokens <= prompt ? tokens.Value
        : throw new InvalidOptionException("instruction tokens", $"{tokens}", $"1 to {prompt}, the prompt's length");

    private int CheckRoom(int? wanted, int used)
    {
        if (wanted is < 0)
        {
            throw new InvalidOptionException("max_tokens", $"{wanted}", "1 or more");
        }

        int room = ContextLength - used;
        int needed = wanted ?? 1;
        return room >= needed
            ? wanted ?? room
            : throw new ContextLengthException(used + needed, ContextLength, $"Shorten the prompt, ask for at most {Math.Max(0, room)} tokens, or open the model with a larger context.");
    }
}
