using System.Text.Json;
using Microsoft.SemanticKernel;

namespace SkPeft.SemanticKernel;

/// <summary>Settings of any class as loose values.</summary>
internal static class SettingsCopy
{
    public static PromptExecutionSettings Of(PromptExecutionSettings? settings) => settings switch
    {
        null => new PromptExecutionSettings(),
        PeftPromptExecutionSettings => settings,
        _ when settings.GetType() == typeof(PromptExecutionSettings) => settings,

        // Settings of another connector: their JSON names are what they have in common.
        _ => JsonSerializer.Deserialize<PromptExecutionSettings>(JsonSerializer.Serialize(settings, settings.GetType()))!,
    };
}
