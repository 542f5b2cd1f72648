using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Skills;

namespace SkPeft.SemanticKernel;

/// <summary>Settings of a prompt function that SkPeft answers: which module, how it is sampled, which labels it decides between. Null says nothing.</summary>
/// <remarks>
/// Prompt files name them as the JSON names say; in a file any settings class will do, since what is not typed reaches the same options.
/// Lists and maps are copied when they are set: once frozen, nothing of the settings can change.
/// </remarks>
public sealed class PeftPromptExecutionSettings : PromptExecutionSettings
{
    private const string DecodeEntitiesName = "decode_entities";

    private RequestSettings _values = new();
    private bool? _decodes;
    private bool _isPlainPrompt;

    /// <summary>The adapter's reference: <c>sentiment</c>, <c>sentiment@3</c>, <c>sentiment@prod</c>.</summary>
    [JsonPropertyName(PropertyNames.Adapter)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Adapter { get => _values.Adapter; set => Set(_values with { Adapter = value }); }

    /// <summary>The skill, whose prompt and labels are used.</summary>
    [JsonPropertyName(PropertyNames.Skill)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Skill { get => _values.Skill; set => Set(_values with { Skill = value }); }

    /// <summary>Tags that lead to a skill.</summary>
    [JsonPropertyName(PropertyNames.Tags)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get => _values.Tags; set => Set(_values with { Tags = SettingsConversion.Copy(value) }); }

    /// <summary>The classes that the answer is one of, and their words; in place of the skill's.</summary>
    [JsonPropertyName(PropertyNames.Labels)]
    [JsonConverter(typeof(LabelsConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SkillLabel>? Labels { get => _values.Labels; set => Set(_values with { Labels = SettingsConversion.Copy(value) }); }

    /// <summary>0: the most probable token; above: sampled.</summary>
    [JsonPropertyName(SettingNames.Temperature)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Temperature { get => _values.Temperature; set => Set(_values with { Temperature = value }); }

    /// <summary>Samples from the most probable tokens that have this share together.</summary>
    [JsonPropertyName(SettingNames.TopP)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopP { get => _values.TopP; set => Set(_values with { TopP = value }); }

    /// <summary>Samples from so many of the most probable tokens.</summary>
    [JsonPropertyName(SettingNames.TopK)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK { get => _values.TopK; set => Set(_values with { TopK = value }); }

    /// <summary>Drops tokens less probable than this share of the most probable one.</summary>
    [JsonPropertyName(PropertyNames.MinP)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? MinP { get => _values.MinP; set => Set(_values with { MinP = value }); }

    /// <summary>Locally typical sampling with this mass.</summary>
    [JsonPropertyName(PropertyNames.TypicalP)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TypicalP { get => _values.TypicalP; set => Set(_values with { TypicalP = value }); }

    /// <summary>Divides positive and multiplies negative logits of tokens seen before.</summary>
    [JsonPropertyName(PropertyNames.RepetitionPenalty)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? RepetitionPenalty { get => _values.RepetitionPenalty; set => Set(_values with { RepetitionPenalty = value }); }

    /// <summary>Taken from the logits of tokens of the answer so far.</summary>
    [JsonPropertyName(SettingNames.PresencePenalty)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? PresencePenalty { get => _values.PresencePenalty; set => Set(_values with { PresencePenalty = value }); }

    /// <summary>The same, times how often they occur.</summary>
    [JsonPropertyName(SettingNames.FrequencyPenalty)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? FrequencyPenalty { get => _values.FrequencyPenalty; set => Set(_values with { FrequencyPenalty = value }); }

    /// <summary>Token ids and what is added to their logits.</summary>
    [JsonPropertyName(PropertyNames.LogitBias)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<int, float>? LogitBias
    {
        get => _values.LogitBias;
        set => Set(_values with { LogitBias = value is null ? null : new Dictionary<int, float>(value).AsReadOnly() });
    }

    /// <summary>How many of the most probable tokens are reported at each step.</summary>
    [JsonPropertyName(PropertyNames.TopLogProbs)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopLogProbs { get => _values.TopLogProbs; set => Set(_values with { TopLogProbs = value }); }

    /// <summary>Same seed, same text.</summary>
    [JsonPropertyName(SettingNames.Seed)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get => _values.Seed; set => Set(_values with { Seed = value }); }

    /// <summary>Most tokens of the answer.</summary>
    [JsonPropertyName(SettingNames.MaxTokens)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get => _values.MaxTokens; set => Set(_values with { MaxTokens = value }); }

    /// <summary>Texts that end the answer.</summary>
    [JsonPropertyName(SettingNames.StopSequences)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? StopSequences { get => _values.StopSequences; set => Set(_values with { StopSequences = SettingsConversion.Copy(value) }); }

    /// <summary>What the answer must be: text, JSON, or JSON of a schema (<c>ChatResponseFormat.ForJsonSchema</c>).</summary>
    [JsonPropertyName(SettingNames.ResponseFormat)]
    [JsonConverter(typeof(FormatConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatResponseFormat? ResponseFormat { get => _values.ResponseFormat; set => Set(_values with { ResponseFormat = value }); }

    /// <summary><c>exact</c>, <c>fast</c> or <c>int8</c>.</summary>
    [JsonPropertyName(PropertyNames.Precision)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Precision { get => _values.Precision; set => Set(_values with { Precision = value }); }

    /// <summary>Requests of a higher one are let in first.</summary>
    [JsonPropertyName(PropertyNames.Priority)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Priority { get => _values.Priority; set => Set(_values with { Priority = value }); }

    /// <summary>Milliseconds that the whole answer may take.</summary>
    [JsonPropertyName(PropertyNames.Deadline)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DeadlineMilliseconds { get => _values.Deadline; set => Set(_values with { Deadline = value }); }

    /// <summary>Tokens that are guessed at a time from what the text repeats (prompt lookup); 0 to 16.</summary>
    [JsonPropertyName(PropertyNames.PromptLookup)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PromptLookup { get => _values.PromptLookup; set => Set(_values with { PromptLookup = value }); }

    /// <summary>Whose share of the engine the request uses.</summary>
    [JsonPropertyName(PropertyNames.Tenant)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tenant { get => _values.Tenant; set => Set(_values with { Tenant = value }); }

    /// <summary>
    /// Whether the text of a plain prompt is read back from HTML. Semantic Kernel writes values that it inserts in HTML (<c>don&amp;#39;t</c>), and
    /// reads that back in prompts with <c>&lt;message&gt;</c> only. Default: true; false for templates that insert values as they are (AllowDangerouslySetContent).
    /// </summary>
    [JsonPropertyName(DecodeEntitiesName)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? DecodeEntities
    {
        get => _decodes;
        set
        {
            ThrowIfFrozen();
            _decodes = value;
        }
    }

    /// <summary>Any settings as these: what has a name here becomes typed, everything else stays in ExtensionData. The given ones stay as they are.</summary>
    /// <param name="settings">The settings; null gives empty ones.</param>
    /// <exception cref="InvalidOptionException">A value cannot be read; the message names it.</exception>
    public static PeftPromptExecutionSettings FromExecutionSettings(PromptExecutionSettings? settings)
    {
        PromptExecutionSettings loose = SettingsCopy.Of(settings);
        PeftPromptExecutionSettings typed = new() { ServiceId = loose.ServiceId, ModelId = loose.ModelId, FunctionChoiceBehavior = settings?.FunctionChoiceBehavior };
        PeftPromptExecutionSettings? own = settings as PeftPromptExecutionSettings;
        typed._values = SettingsConversion.Read(loose.ExtensionData ?? new Dictionary<string, object>(), own?._values ?? new RequestSettings(), out Dictionary<string, object> rest);
        typed._decodes = rest.Remove(DecodeEntitiesName, out object? decodes) ? SettingsConversion.Flag(DecodeEntitiesName, decodes) : own?._decodes;
        typed.ExtensionData = rest.Count > 0 ? rest : null;
        return typed;
    }

    /// <inheritdoc/>
    public override PromptExecutionSettings Clone() => new PeftPromptExecutionSettings
    {
        ModelId = ModelId,
        ServiceId = ServiceId,
        FunctionChoiceBehavior = FunctionChoiceBehavior,
        ExtensionData = ExtensionData is null ? null : new Dictionary<string, object>(ExtensionData),
        _values = _values,
        _decodes = _decodes,
    };

    /// <summary>Notes what the prompt of this one call is; the selector makes a copy of the settings for every call.</summary>
    internal void IsPlainPrompt() => _isPlainPrompt = true;

    /// <inheritdoc/>
    protected override ChatHistory PrepareChatHistoryForRequest(ChatHistory chatHistory)
    {
        ArgumentNullException.ThrowIfNull(chatHistory);
        return _isPlainPrompt && _decodes != false && chatHistory is [{ Content: { } text } prompt]
            ? [new ChatMessageContent(prompt.Role, WebUtility.HtmlDecode(text))]
            : chatHistory;
    }

    /// <inheritdoc/>
    protected override void PrepareChatOptionsForRequest(ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // Semantic Kernel has turned these settings into loose values and read them back; the typed ones are exact.
        _values.ApplyTo(options);

        // For this class alone; no client knows it.
        options.AdditionalProperties?.Remove(DecodeEntitiesName);
    }

    private void Set(RequestSettings values)
    {
        ThrowIfFrozen();
        _values = values;
    }
}
