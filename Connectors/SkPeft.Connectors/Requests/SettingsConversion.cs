namespace SkPeft.Connectors.Requests;

/// <summary>Loose settings, as prompt files and frameworks give them, to typed ones. Names are compared without regard to case.</summary>
internal static class SettingsConversion
{
    private delegate RequestSettings Reader(RequestSettings settings, string name, object value);

    private static readonly Dictionary<string, Reader> s_readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [PropertyNames.Adapter] = (s, n, v) => s with { Adapter = LooseValue.Text(n, v) },
        [PropertyNames.Skill] = (s, n, v) => s with { Skill = LooseValue.Text(n, v) },
        [PropertyNames.Tag] = (s, n, v) => s with { Tags = [.. s.Tags ?? [], LooseValue.Text(n, v)] },
        [PropertyNames.Tags] = (s, n, v) => s with { Tags = [.. s.Tags ?? [], .. LooseValue.Texts(n, v)] },
        [PropertyNames.Labels] = (s, n, v) => s with { Labels = LabelReader.Read(n, v) },
        [SettingNames.Temperature] = (s, n, v) => s with { Temperature = (float)LooseValue.Number(n, v) },
        [SettingNames.TopP] = (s, n, v) => s with { TopP = (float)LooseValue.Number(n, v) },
        [SettingNames.TopK] = (s, n, v) => s with { TopK = LooseValue.Integer(n, v) },
        [PropertyNames.MinP] = (s, n, v) => s with { MinP = (float)LooseValue.Number(n, v) },
        [PropertyNames.TypicalP] = (s, n, v) => s with { TypicalP = (float)LooseValue.Number(n, v) },
        [PropertyNames.RepetitionPenalty] = (s, n, v) => s with { RepetitionPenalty = (float)LooseValue.Number(n, v) },
        [SettingNames.PresencePenalty] = (s, n, v) => s with { PresencePenalty = (float)LooseValue.Number(n, v) },
        [SettingNames.FrequencyPenalty] = (s, n, v) => s with { FrequencyPenalty = (float)LooseValue.Number(n, v) },
        [PropertyNames.LogitBias] = (s, n, v) => s with { LogitBias = LooseValue.TokenNumbers(n, v) },
        [PropertyNames.TopLogProbs] = (s, n, v) => s with { TopLogProbs = LooseValue.Integer(n, v) },
        [SettingNames.Seed] = (s, n, v) => s with { Seed = LooseValue.Long(n, v) },
        [SettingNames.MaxTokens] = (s, n, v) => s with { MaxTokens = LooseValue.Integer(n, v) },
        [SettingNames.StopSequences] = (s, n, v) => s with { StopSequences = LooseValue.Texts(n, v) },
        [SettingNames.ResponseFormat] = (s, n, v) => s with { ResponseFormat = FormatConversion.Read(n, v) },
        [PropertyNames.Precision] = (s, n, v) => s with { Precision = LooseValue.Text(n, v) },
        [PropertyNames.Priority] = (s, n, v) => s with { Priority = LooseValue.Integer(n, v) },
        [PropertyNames.Deadline] = (s, n, v) => s with { Deadline = LooseValue.Number(n, v) },
        [PropertyNames.PromptLookup] = (s, n, v) => s with { PromptLookup = LooseValue.Integer(n, v) },
        [PropertyNames.Tenant] = (s, n, v) => s with { Tenant = LooseValue.Text(n, v) },
    };

    /// <summary>Reads what has a name here.</summary>
    /// <param name="values">The settings.</param>
    /// <param name="over">What they are read over.</param>
    /// <param name="rest">The others, as they are.</param>
    /// <exception cref="InvalidOptionException">A value cannot be read.</exception>
    public static RequestSettings Read(IEnumerable<KeyValuePair<string, object>> values, RequestSettings over, out Dictionary<string, object> rest)
    {
        rest = [];
        foreach ((string name, object? value) in values)
        {
            if (!s_readers.TryGetValue(name, out Reader? read))
            {
                rest[name] = value!;
            }
            else if (value is not null and not System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Null })
            {
                over = read(over, name, value);
            }
        }

        return over;
    }

    /// <summary>Yes or no as settings give it.</summary>
    /// <exception cref="InvalidOptionException">It is neither.</exception>
    public static bool? Flag(string name, object? value) => value is null ? null : LooseValue.Flag(name, value);

    /// <summary>A copy that nobody else holds.</summary>
    public static IReadOnlyList<T>? Copy<T>(IEnumerable<T>? values) => values is null ? null : Array.AsReadOnly<T>([.. values]);
}
