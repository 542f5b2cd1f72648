using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Tools;
using SkPeft.Engine.Sampling;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Requests;

/// <summary>Turns messages and options into a typed request. Whatever cannot be honoured is refused by name; nothing is dropped.</summary>
internal sealed class RequestReader(PeftChatClientOptions settings)
{
    public ChatRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options, IChatClient client)
    {
        IReadOnlyList<ChatMessage> list = [.. messages];
        if (list.Count == 0 && options?.Instructions is null)
        {
            throw new InvalidOptionException("messages", "an empty list", "at least one message");
        }

        options ??= new ChatOptions();
        ToolChoice tools = ToolReader.Read(options);
        UnsupportedOptions.Refuse(options, client);
        PropertyReader properties = new(options.AdditionalProperties, settings.IgnoredProperties);
        return new ChatRequest
        {
            Messages = list,
            Route = ReadRoute(options, properties),
            Sampling = ReadSampling(options, properties),
            Instructions = string.IsNullOrEmpty(options.Instructions) ? null : options.Instructions,
            ToolChoice = tools,
            Format = FormatReader.Read(options.ResponseFormat),
            Labels = properties.Labels(PropertyNames.Labels),
            MaxTokens = ReadMaxTokens(options),
            Stop = ReadStop(options),
            Precision = ReadPrecision(properties),
            Tenant = properties.Text(PropertyNames.Tenant),
            Priority = properties.Integer(PropertyNames.Priority) ?? 0,
            Deadline = ReadDeadline(properties),
            PromptLookup = properties.Integer(PropertyNames.PromptLookup) ?? 0,
        };
    }

    public RouteRequest ReadRoute(ChatOptions? options) =>
        ReadRoute(options ?? new ChatOptions(), new PropertyReader(options?.AdditionalProperties, settings.IgnoredProperties));

    private RouteRequest ReadRoute(ChatOptions options, PropertyReader properties) => new()
    {
        Adapter = properties.Text(PropertyNames.Adapter),
        ModelId = string.IsNullOrWhiteSpace(options.ModelId) ? null : options.ModelId,
        Skill = properties.Text(PropertyNames.Skill),
        ClientSkill = settings.Skill,
        ClientAdapter = settings.Adapter,
        Function = properties.Text(PropertyNames.Function),
        Plugin = properties.Text(PropertyNames.Plugin),
        Tags = [.. properties.Texts(PropertyNames.Tag), .. properties.Texts(PropertyNames.Tags)],
    };

    private static SamplingOptions ReadSampling(ChatOptions options, PropertyReader properties)
    {
        SamplingOptions greedy = new();
        double? minP = properties.Number(PropertyNames.MinP);
        double? typical = properties.Number(PropertyNames.TypicalP);

        // Who narrows the choice wants one: without a temperature the draw is from the model's own distribution.
        bool draws = options.TopP is not null || options.TopK is not null || minP is not null || typical is not null;
        return greedy with
        {
            Temperature = options.Temperature ?? (draws ? 1 : 0),
            TopK = options.TopK ?? greedy.TopK,
            TopP = options.TopP ?? greedy.TopP,
            MinP = (float)(minP ?? greedy.MinP),
            Typical = (float)(typical ?? greedy.Typical),
            RepetitionPenalty = (float)(properties.Number(PropertyNames.RepetitionPenalty) ?? greedy.RepetitionPenalty),
            PresencePenalty = options.PresencePenalty ?? greedy.PresencePenalty,
            FrequencyPenalty = options.FrequencyPenalty ?? greedy.FrequencyPenalty,
            LogitBias = properties.TokenNumbers(PropertyNames.LogitBias) ?? greedy.LogitBias,
            Seed = options.Seed,
            TopLogProbs = properties.Integer(PropertyNames.TopLogProbs),
        };
    }

    private static int? ReadMaxTokens(ChatOptions options) =>
        options.MaxOutputTokens is { } wanted && wanted < 1
            ? throw new InvalidOptionException(nameof(ChatOptions.MaxOutputTokens), $"{wanted}", "1 or more")
            : options.MaxOutputTokens;

    private static TimeSpan? ReadDeadline(PropertyReader properties) => properties.Number(PropertyNames.Deadline) switch
    {
        null => null,
        { } time when time is > 0 and < 1e9 => TimeSpan.FromMilliseconds(time),
        { } time => throw new InvalidOptionException(PropertyNames.Deadline, $"{time}", "a number of milliseconds above 0"),
    };

    private static string[] ReadStop(ChatOptions options)
    {
        string[] stop = [.. options.StopSequences ?? []];
        return Array.Exists(stop, string.IsNullOrEmpty)
            ? throw new InvalidOptionException(nameof(ChatOptions.StopSequences), "an empty text", "texts of at least one character")
            : stop;
    }

    private static Precision? ReadPrecision(PropertyReader properties) => properties.Text(PropertyNames.Precision) switch
    {
        null => null,
        { } text => PrecisionNames.Read(text) ?? throw new InvalidOptionException(PropertyNames.Precision, $"'{text}'", PrecisionNames.Expected),
    };
}
