using System.Text;
using System.Text.Json.Nodes;
using SkPeft.Connectors.Prompts;

namespace SkPeft.Connectors.Tests;

/// <summary>ChatML by hand: what the tiny model's template says, without a template engine.</summary>
internal sealed class ChatMlRenderer : IPromptRenderer
{
    public bool WritesTools { get; init; } = true;

    /// <summary>A template that rewrites earlier turns once there are later ones.</summary>
    public bool Forgets { get; init; }

    public RenderedChat Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, bool addGenerationPrompt)
    {
        StringBuilder text = new();
        List<(int, int)> untrusted = [];
        if (tools.Count > 0 && WritesTools)
        {
            text.Append("<|im_start|>tools\n").AppendJoin("", tools.Select(t => t.ToJsonString())).Append("<|im_end|>\n");
        }

        for (int i = 0; i < messages.Count; i++)
        {
            JsonObject message = messages[i];
            string content = Forgets && i < messages.Count - 1 ? "…" : (string)message["content"]!;
            text.Append("<|im_start|>").Append((string)message["role"]!).Append('\n');
            untrusted.Add((text.Length, content.Length));
            text.Append(content);
            if (WritesTools && message["tool_calls"] is { } calls)
            {
                text.Append(calls.ToJsonString());
            }

            text.Append("<|im_end|>\n");
        }

        return new RenderedChat(text.Append(addGenerationPrompt ? "<|im_start|>assistant\n" : "").ToString(), untrusted);
    }
}
