using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Prompts;

/// <summary>Renders with the template that came with the model.</summary>
internal sealed class TemplatePromptRenderer(ChatTemplate template, ITokenizer tokenizer, TimeProvider time) : IPromptRenderer
{
    public RenderedChat Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, bool addGenerationPrompt)
    {
        RenderedPrompt prompt = template.Render(
            new ChatTemplateInput
            {
                Messages = Copy(messages),
                Tools = tools.Count == 0 ? null : Copy(tools),
                AddGenerationPrompt = addGenerationPrompt,
                BosToken = tokenizer.BosId is { } bos ? tokenizer.TokenText(bos) : null,
                EosToken = tokenizer.EosId is { } eos ? tokenizer.TokenText(eos) : null,
            },
            time);
        return new RenderedChat(prompt.Text, prompt.UntrustedSpans);
    }

    // A node has one parent, and a conversation may be rendered more than once.
    private static JsonArray Copy(IReadOnlyList<JsonObject> nodes) => [.. nodes.Select(n => n.DeepClone())];
}
