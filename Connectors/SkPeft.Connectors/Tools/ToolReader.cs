using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Tools;

/// <summary>The tools that the model is to see, and whether it must call one. ToolMode None means none, even where tools are listed.</summary>
internal static class ToolReader
{
    public static ToolChoice Read(ChatOptions options)
    {
        if (options.ToolMode is NoneChatToolMode)
        {
            return ToolChoice.None;
        }

        AIFunctionDeclaration[] tools = [.. (options.Tools ?? []).Select(tool => tool as AIFunctionDeclaration
            ?? throw new InvalidOptionException(nameof(ChatOptions.Tools), $"'{tool.Name}' ({tool.GetType().Name})", "functions: there are no hosted tools here"))];
        if (tools.GroupBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidOptionException(nameof(ChatOptions.Tools), $"'{twice.Key}' {twice.Count()} times", "every name once: a call would not say which is meant");
        }

        ToolChoice choice = new(tools) { IsSingle = options.AllowMultipleToolCalls == false && tools.Length > 0 };
        return options.ToolMode switch
        {
            null or AutoChatToolMode => choice,
            RequiredChatToolMode required => choice with { IsRequired = true, Required = Check(required, tools) },
            { } other => throw new InvalidOptionException(nameof(ChatOptions.ToolMode), other.GetType().Name, "None, Auto, RequireAny or RequireSpecific"),
        };
    }

    private static string? Check(RequiredChatToolMode mode, AIFunctionDeclaration[] tools)
    {
        string known = tools.Length == 0 ? "tools in Tools" : $"one of {string.Join(", ", tools.Select(t => t.Name))}";
        return tools.Length == 0 ? throw new InvalidOptionException(nameof(ChatOptions.ToolMode), "a required call without tools", known)
            : mode.RequiredFunctionName is not { } name ? null
            : Array.Exists(tools, t => t.Name == name) ? name
            : throw new InvalidOptionException(nameof(ChatOptions.ToolMode), $"a call of '{name}'", known);
    }
}
