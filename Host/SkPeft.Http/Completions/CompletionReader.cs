using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Http.Hosting;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary>Reads a request to <c>/v1/completions</c>.</summary>
internal sealed class CompletionReader(ServedRuntime served, int maxChoices)
{
    // OpenAI's own default of this endpoint.
    private const int DefaultMaxTokens = 16;
    private const int MaxTop = 20;

    /// <summary>Reads the body; names that are passed over go into <paramref name="ignored"/>.</summary>
    public CompletionCall Read(JsonElement root, out IReadOnlyList<string> ignored)
    {
        ObjectReader body = new(root);
        ignored = CompletionParameters.Table.Check(body);
        if (body.Flag("echo") == true)
        {
            throw body.Wrong("echo", body.Any("echo")!.Value, "false or nothing: the answer never repeats the prompt");
        }

        int n = body.Integer("n", 1, maxChoices) ?? 1;
        if (body.Integer("best_of", 1, int.MaxValue) is { } best && best != n)
        {
            throw body.Wrong("best_of", body.Any("best_of")!.Value, $"{n}, which n says, or nothing: answers are not chosen among");
        }

        ChatOptions options = new();
        SamplingParameters.Apply(body, options);
        options.MaxOutputTokens ??= DefaultMaxTokens;
        SamplingParameters.Set(options, PropertyNames.TopLogProbs, body.Integer("logprobs", 0, MaxTop));
        CompletionCall call = new()
        {
            Model = served.Names.Find(body.RequiredText("model")),
            Prompts = PromptReader.Read(body, served.Runtime.Model.Shape.Sizes.VocabularySize),
            Options = options,
            PerPrompt = n,
            Stream = StreamOptions.Read(body),
            Priority = SamplingParameters.ReadPriority(body),
        };
        return call.Choices <= maxChoices
            ? call
            : throw body.Wrong("prompt", body.Any("prompt")!.Value, $"at most {maxChoices} answers in one request, prompts times n (MaxChoices)");
    }
}
