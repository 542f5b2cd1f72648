using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Requests;

/// <summary>The tools that the model is to see. ToolMode None means none, even where tools are listed.</summary>
internal static class ToolReader
{
    private const string Free = "Auto or None: this model cannot be made to call a tool";

    public static IReadOnlyList<AIFunctionDeclaration> Read(ChatOptions options)
    {
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                return [];
            case null or AutoChatToolMode:
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                throw new InvalidOptionException(nameof(ChatOptions.ToolMode), $"RequireSpecific('{name}')", Free);
            case { } other:
                throw new InvalidOptionException(nameof(ChatOptions.ToolMode), other is RequiredChatToolMode ? "RequireAny" : other.GetType().Name, Free);
        }

        return [.. (options.Tools ?? []).Select(tool => tool as AIFunctionDeclaration
            ?? throw new InvalidOptionException(nameof(ChatOptions.Tools), $"'{tool.Name}' ({tool.GetType().Name})", "functions: there are no hosted tools here"))];
    }
}
