using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Skills;
using SkPeft.Connectors.Tools;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Answers;

/// <summary>Answers a request whose adapter is decided: text as it is generated, or the most probable label (by its words, or by the adapter's own head); the last update has the receipt.</summary>
internal sealed class AnswerWriter(LanguageModel model, PromptBuilder prompts)
{
    private readonly ITokenizer _tokenizer = model.Tokenizer!;
    private readonly GrammarCache _grammars = new(model.Tokenizer!);
    private readonly ToolConvention _convention = ToolConvention.Of(model.ChatTemplateText);

    public IAsyncEnumerable<ChatResponseUpdate> WriteAsync(
        ChatRequest request, SkillDefinition? skill, ILoadedAdapter? adapter, Receipt receipt, string id, CancellationToken cancellation)
    {
        bool classifies = adapter is { Labels.Count: > 0 };
        IReadOnlyList<SkillLabel> labels = request.Labels.Count > 0 ? request.Labels : skill?.Labels ?? [];
        if (classifies || labels.Count > 0)
        {
            LabelOptions.Refuse(request, skill is null ? $"adapter '{receipt.Adapter}'" : $"skill '{skill.Name}'");
        }

        PreparedPrompt prompt = prompts.Build(request, skill, adapter?.Slots);
        receipt = receipt with { Warnings = [.. receipt.Warnings, .. prompt.Warnings] };
        RequestTerms terms = new() { Tenant = TenantOf(request, receipt), Priority = request.Priority, Deadline = request.Deadline };
        Classifier classifier = new(model.Engine);
        Verbalizer verbalizer = new(model.Engine, _tokenizer);
        return classifies ? DecideAsync(() => classifier.DecideAsync(prompt, labels, LabelKey(request, skill), adapter!, request.Precision, terms, cancellation), prompt, receipt)
            : labels.Count > 0 ? DecideAsync(() => verbalizer.DecideAsync(prompt, labels, adapter, request.Precision, terms, cancellation), prompt, receipt)
            : GenerateAsync(request, prompt, adapter, receipt, id, cancellation);
    }

    private static string TenantOf(ChatRequest request, Receipt receipt) => request.Tenant ?? receipt.Skill ?? receipt.Adapter;

    private static string LabelKey(ChatRequest request, SkillDefinition? skill) => request.Labels.Count > 0 ? PropertyNames.Labels : $"{skill?.Key}:Labels";

    private static async IAsyncEnumerable<ChatResponseUpdate> DecideAsync(Func<ValueTask<Verdict>> decide, PreparedPrompt prompt, Receipt receipt)
    {
        Verdict verdict = await decide();
        yield return new ChatResponseUpdate(ChatRole.Assistant, verdict.Label);
        yield return Last(ChatFinishReason.Stop, prompt.Ids.Count, verdict.Tokens, receipt with { Probabilities = verdict.Probabilities });
    }

    private async IAsyncEnumerable<ChatResponseUpdate> GenerateAsync(
        ChatRequest request, PreparedPrompt prompt, ILoadedAdapter? adapter, Receipt receipt, string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        GenerationRequest generation = new()
        {
            Prompt = prompt.Ids,
            InstructionTokens = prompt.InstructionTokens,
            Adapter = adapter,
            Sampling = request.Sampling,
            MaxTokens = request.MaxTokens,
            Stop = request.Stop,
            Grammar = new ToolGrammar(_convention).Of(request.ToolChoice, request.Format) is { } form ? _grammars.Get(form) : null,
            Precision = request.Precision,
            Tenant = TenantOf(request, receipt),
            Priority = request.Priority,
            Deadline = request.Deadline,
            PromptLookup = request.PromptLookup,
        };
        AnswerContents contents = AnswerContents.Of(_tokenizer, _convention, request, id);
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(generation, cancellation))
        {
            IReadOnlyList<AIContent> shown = contents.Push(update);
            if (shown.Count > 0 || contents.Deltas.Count > 0 || (request.Sampling.TopLogProbs is not null && update.Token is not null))
            {
                yield return Shown(shown, contents.Deltas, request.Sampling.TopLogProbs is null ? null : update.Token);
            }

            if (update is { Finish: { } finish, Timings: { } timings })
            {
                // Whole calls before the cut are given; that there might have been more is not hidden.
                ChatFinishReason reason = finish != FinishReason.Stop ? ChatFinishReason.Length
                    : contents.HasCalls ? ChatFinishReason.ToolCalls
                    : ChatFinishReason.Stop;
                yield return Last(reason, timings.PromptTokens, timings.DecodedTokens + 1, receipt with { Seed = timings.Seed });
            }
        }
    }

    private ChatResponseUpdate Shown(IReadOnlyList<AIContent> contents, IReadOnlyList<ToolCallDelta> deltas, SampledToken? token)
    {
        AdditionalPropertiesDictionary properties = [];
        if (token is { } sampled)
        {
            properties[TokenProbability.PropertyName] = new[] { Probability(sampled) };
        }

        if (deltas.Count > 0)
        {
            properties[ToolCallDelta.PropertyName] = deltas;
        }

        return new ChatResponseUpdate(ChatRole.Assistant, [.. contents]) { AdditionalProperties = properties.Count > 0 ? properties : null };
    }

    private TokenProbability Probability(SampledToken token) =>
        Probability(token.Id, token.LogProbability, [.. token.Top.Select(t => Probability(t.Id, t.LogProbability, []))]);

    private TokenProbability Probability(int id, double logProbability, IReadOnlyList<TokenProbability> top) =>
        new(_tokenizer.Decode([id]), id, logProbability, top);

    private static ChatResponseUpdate Last(ChatFinishReason reason, int input, int output, Receipt receipt) => new()
    {
        Contents = [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output })],
        FinishReason = reason,
        AdditionalProperties = new() { [Receipt.PropertyName] = receipt, [PeftChatClient.FinishReasonProperty] = reason.Value },
    };
}
