using System.Runtime.CompilerServices;
using SkPeft.Engine.Adapters;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Generation;

/// <summary>Runs requests on one model. Requests that run at the same time share forward passes.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class InferenceEngine
{
    private readonly ModelRuntime _runtime;
    private readonly ITokenizer? _tokenizer;
    private readonly Precision _precision;
    private readonly ModelFingerprintSource _fingerprint;
    private readonly IReadOnlySet<int> _ends;

    /// <param name="runtime">Runs steps.</param>
    /// <param name="tokenizer">The tokenizer, or null.</param>
    /// <param name="precision">The precision where a request names none.</param>
    /// <param name="fingerprint">Tells this model from others.</param>
    /// <param name="ends">Tokens that end an answer where a request names none.</param>
    /// <param name="contextLength">Positions a sequence.</param>
    internal InferenceEngine(
        ModelRuntime runtime, ITokenizer? tokenizer, Precision precision, ModelFingerprintSource fingerprint, IReadOnlySet<int> ends, int contextLength)
    {
        _ends = ends;
        _runtime = runtime;
        _tokenizer = tokenizer;
        _precision = precision;
        _fingerprint = fingerprint;
        ContextLength = contextLength;
    }

    /// <summary>Positions that a sequence may take, virtual tokens included.</summary>
    public int ContextLength { get; }

    /// <summary>What the engine does now, and has done.</summary>
    public EngineStatistics Statistics => _runtime.Scheduler.Statistics;

    /// <summary>What the requests of each adapter do now, and have run, in no order.</summary>
    public IReadOnlyList<AdapterActivity> Activity => _runtime.Scheduler.Activity;

    /// <summary>Continues a prompt, token by token. Cancellation is seen between tokens.</summary>
    /// <exception cref="EngineBusyException">Too many requests wait already.</exception>
    /// <exception cref="DeadlineException">The request's deadline passed.</exception>
    /// <exception cref="InvalidOptionException">An option is out of range.</exception>
    /// <exception cref="ContextLengthException">The prompt leaves no room for an answer.</exception>
    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using AdapterUse adapter = new(request.Adapter, _fingerprint);
        EffectPlan plan = RequireVocabulary(adapter.Plan);
        int[] prompt = CheckPrompt(request.Prompt, plan);
        CheckStops(request.Stop);
        int instruction = CheckInstruction(request.InstructionTokens, prompt.Length);
        int limit = AnswerLimit(request.MaxTokens, plan.VirtualRows + prompt.Length);
        Sampler sampler = new(request.Sampling, prompt.Where(id => id >= 0), _runtime.Weights.Shape.Sizes.VocabularySize, request.Grammar?.Start(request.EndIds ?? _ends));
        AnswerReader reader = new(sampler, new AnswerText(_tokenizer, request.Stop), request.EndIds ?? _ends, limit, prompt.Length, CheckLookup(request.PromptLookup));
        JobTerms terms = new(request.Tenant ?? plan.Adapter, request.Priority, request.Deadline);
        await using Session session = new(_runtime, plan, request.Precision ?? _precision, terms);
        Task run = session.RunAsync(prompt, instruction, reader, cancellationToken);
        await foreach (GenerationUpdate update in reader.ReadAsync(run, cancellationToken))
        {
            // The engine may be ahead of the reader; what it did behind a cancellation is not shown.
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }

    /// <summary>Shows the logits that follow each token of a prompt, in order.</summary>
    /// <param name="prompt">The prompt, at least one token.</param>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="from">The first token whose logits are wanted.</param>
    /// <param name="visit">Called on the engine's thread; the logits are valid during the call only.</param>
    /// <param name="instructionTokens">How many of the first tokens are the instruction; null: all.</param>
    /// <param name="precision">The precision; null: the model's own.</param>
    /// <param name="terms">Who asks, and how urgently; null: its adapter.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public async ValueTask VisitLogitsAsync(
        IReadOnlyList<int> prompt, ILoadedAdapter? adapter, int from, LogitsVisitor visit, int? instructionTokens = null,
        Precision? precision = null, RequestTerms? terms = null, CancellationToken cancellationToken = default)
    {
        using AdapterUse use = new(adapter, _fingerprint);
        EffectPlan plan = RequireVocabulary(use.Plan);
        int[] ids = CheckPrompt(prompt, plan);
        int instruction = CheckInstruction(instructionTokens, ids.Length);
        RequireRoom(0, plan.VirtualRows + ids.Length);
        await using Session session = new(_runtime, plan, precision ?? _precision, terms?.For(plan.Adapter));
        await session.AllLogitsAsync(ids, instruction, from, visit, cancellationToken);
    }

    /// <summary>The log-probabilities of a given answer behind a prompt.</summary>
    /// <param name="prompt">The prompt, at least one token; it is the instruction.</param>
    /// <param name="answer">The answer's tokens, at least one.</param>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="precision">The precision; null: the model's own.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>The natural log-probability of each token of the answer.</returns>
    /// <exception cref="ModelOutputException">The logits are not numbers.</exception>
    public async ValueTask<double[]> ScoreAsync(
        IReadOnlyList<int> prompt, IReadOnlyList<int> answer, ILoadedAdapter? adapter, Precision? precision = null, CancellationToken cancellationToken = default)
    {
        double[] scores = new double[answer.Count];
        RequireTokens(prompt, "prompt");
        int[] all = [.. prompt, .. CheckPrompt(answer, EffectPlan.Empty, "answer").SkipLast(1)];
        await VisitLogitsAsync(all, adapter, prompt.Count - 1, (index, logits) =>
        {
            LogProbabilities.RequireNumbers(logits);
            int at = index - (prompt.Count - 1);
            scores[at] = logits[answer[at]] - LogProbabilities.Normaliser(logits);
        }, prompt.Count, precision, cancellationToken: cancellationToken);
        return scores;
    }

    /// <summary>The scores of an adapter's own classes behind a text (SEQ_CLS); softmax makes probabilities of them.</summary>
    /// <param name="text">The text, at least one token; all of it is the instruction.</param>
    /// <param name="adapter">An adapter with a classification head (<see cref="ILoadedAdapter.Labels"/>).</param>
    /// <param name="instructionTokens">How many of the first tokens are the instruction; null: all.</param>
    /// <param name="precision">The precision; null: the model's own.</param>
    /// <param name="terms">Who asks, and how urgently; null: its adapter.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>A score a class, in the order of <see cref="ILoadedAdapter.Labels"/>.</returns>
    /// <exception cref="InvalidOptionException">The adapter has no classification head.</exception>
    /// <exception cref="ModelOutputException">The scores are not numbers.</exception>
    public async ValueTask<float[]> ClassifyAsync(
        IReadOnlyList<int> text, ILoadedAdapter adapter, int? instructionTokens = null, Precision? precision = null, RequestTerms? terms = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        using AdapterUse use = new(adapter, _fingerprint);
        ClassifierEffect head = use.Plan.Classifier
            ?? throw new InvalidOptionException("adapter", $"'{use.Plan.Adapter}' without a classification head", "one whose task_type is SEQ_CLS; this one generates text");
        int[] ids = CheckPrompt(text, use.Plan, "text");
        int instruction = CheckInstruction(instructionTokens, ids.Length);
        RequireRoom(0, use.Plan.VirtualRows + ids.Length);
        await using Session session = new(_runtime, use.Plan, precision ?? _precision, terms?.For(use.Plan.Adapter));
        float[] scores = await session.ScoresAsync(ids, instruction, head, cancellationToken);
        LogProbabilities.RequireNumbers(scores);
        return scores;
    }

    private static EffectPlan RequireVocabulary(EffectPlan plan) => plan.Classifier is null
        ? plan
        : throw new InvalidOptionException("adapter", $"'{plan.Adapter}', which classifies (task_type SEQ_CLS) and generates no text,",
            $"an adapter for text, or a call that scores its classes ({string.Join(", ", plan.Classifier.Labels)}): skpeft score, ClassifyAsync");

    // Ids below 0 are places of soft tokens, where the adapter has them; then none may be missing.
    private int[] CheckPrompt(IReadOnlyList<int> ids, EffectPlan plan, string name = "prompt")
    {
        RequireTokens(ids, name);
        int vocabulary = _runtime.Weights.Shape.Sizes.VocabularySize, slots = plan.Slots?.Slots.Count ?? 0;
        foreach (int id in ids)
        {
            if (id < -slots || id >= vocabulary)
            {
                string others = slots == 0 ? "" : $", or -1 to -{slots}, the soft tokens of adapter '{plan.Adapter}'";
                throw new InvalidOptionException("token id", $"{id}", $"0 to {vocabulary - 1}, the vocabulary of this model{others}");
            }
        }

        plan.Slots?.Slots.Require(ids, $"adapter '{plan.Adapter}'");
        return [.. ids];
    }

    private static void RequireTokens(IReadOnlyList<int> ids, string name)
    {
        if (ids.Count == 0)
        {
            throw new InvalidOptionException(name, "no tokens", "at least one token (an empty text has none: give a BOS token or some text)");
        }
    }

    private static int CheckInstruction(int? tokens, int prompt) =>
        tokens is null ? prompt
        : tokens > 0 && tokens <= prompt ? tokens.Value
        : throw new InvalidOptionException("instruction tokens", $"{tokens}", $"1 to {prompt}, the prompt's length");

    private static int CheckLookup(int guesses) => guesses is >= 0 and <= PromptLookup.MostGuesses
        ? guesses
        : throw new InvalidOptionException("prompt lookup", $"{guesses}", $"0 to {PromptLookup.MostGuesses} tokens");

    private void CheckStops(IReadOnlyList<string> stops)
    {
        if (_tokenizer is null && stops.Count > 0)
        {
            throw new InvalidOptionException("stop", $"'{stops[0]}'", "no stop texts: this model has no tokenizer, so that its answers are token ids without a text");
        }
    }

    // Tokens that may be generated behind the positions that are used.
    private int AnswerLimit(int? wanted, int used)
    {
        if (wanted is < 1)
        {
            throw new InvalidOptionException("max_tokens", $"{wanted}", "1 or more");
        }

        RequireRoom(wanted ?? 1, used);
        return wanted ?? ContextLength - used;
    }

    private void RequireRoom(int wanted, int used)
    {
        int room = ContextLength - used;
        if (room < wanted)
        {
            string fewer = wanted > 1 && room > 0 ? $", or ask for at most {room} tokens" : "";
            int needed = (int)Math.Min((long)used + wanted, int.MaxValue);
            throw new ContextLengthException(needed, ContextLength, $"Shorten the prompt{fewer}, or open the model with a larger context where it was made for one.");
        }
    }
}
