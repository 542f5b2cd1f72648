using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Http.Errors;
using SkPeft.Http.Models;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>Reads a request to <c>/v1/chat/completions</c>.</summary>
/// <param name="names">What models there are.</param>
/// <param name="maxChoices">The greatest <c>n</c>.</param>
internal sealed class ChatReader(ModelNames names, int maxChoices)
{
    private const int MaxTop = 20;

    /// <summary>Reads the body; names that are passed over go into <paramref name="ignored"/>.</summary>
    public ChatCall Read(JsonElement root, out IReadOnlyList<string> ignored)
    {
        ObjectReader body = new(root);
        ignored = ChatParameters.Table.Check(body);
        if (body.List("modalities") is { } modalities && modalities.Any(m => m.Value.ValueKind != JsonValueKind.String || m.Value.GetString() != "text"))
        {
            throw body.Wrong("modalities", body.Any("modalities")!.Value, "[\"text\"]: this model writes nothing else");
        }

        StreamOptions stream = StreamOptions.Read(body);
        ChatOptions options = new() { ResponseFormat = ResponseFormatReader.Read(body) };
        SamplingParameters.Apply(body, options);
        ToolParameters.Apply(body, options);
        SamplingParameters.Set(options, PropertyNames.TopLogProbs, ReadTop(body));
        IReadOnlyList<ChatMessage> messages = MessageReader.Read(body);
        int choices = body.Integer("n", 1, maxChoices) ?? 1;
        ServedModel model = names.Find(body.RequiredText("model"), body.Text("skill"));
        foreach ((string name, object? value) in model.Properties())
        {
            SamplingParameters.Set(options, name, value);
        }

        return new ChatCall { Model = model, Messages = messages, Options = options, Choices = RequireOne(choices, model), Stream = stream, Priority = SamplingParameters.ReadPriority(body) };
    }

    // Several answers of a class would be the same one.
    private static int RequireOne(int choices, ServedModel model) => choices == 1 || model.Skill is not { Labels.Count: > 0 } skill
        ? choices
        : throw ApiException.BadValue("n", $"{choices}", $"1: skill '{skill.Name}' answers with the most probable of its labels");

    private static int? ReadTop(ObjectReader body)
    {
        bool wanted = body.Flag("logprobs") ?? false;
        int? top = body.Integer("top_logprobs", 0, MaxTop);
        return top is null || wanted
            ? wanted ? top ?? 0 : null
            : throw ApiException.BadValue("top_logprobs", $"{top}", "nothing where logprobs is not true");
    }
}
