using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Prompts;

/// <summary>Makes the prompt of a request: by the skill's own template where it has one, else by the model's chat template.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="chat">The chat template, asked for only where a conversation needs it; null where there is none.</param>
/// <param name="model">The model, for messages.</param>
internal sealed class PromptBuilder(ITokenizer tokenizer, Func<IPromptRenderer?> chat, string model)
{
    public PreparedPrompt Build(ChatRequest request, SkillDefinition? skill, SoftSlots? slots) =>
        skill?.Prompt is { } prompt ? FromTemplate(request, skill, prompt, slots) : FromChat(request);

    private PreparedPrompt FromTemplate(ChatRequest request, SkillDefinition skill, string prompt, SoftSlots? slots)
    {
        RefuseInTemplate(request, skill);
        PromptTemplate template = PromptTemplate.TryParse(prompt, out string? problem)
            ?? throw new InvalidOptionException($"prompt of skill '{skill.Name}'", problem!, $"a text with {PromptTemplate.Input}");
        IReadOnlyList<int> ids = SlottedPrompt.Encode(tokenizer, template.Fill(request.Messages[^1].Text), slots);
        int[] all = tokenizer is { AddBosByDefault: true, BosId: { } bos } ? [bos, .. ids] : [.. ids];
        return new PreparedPrompt(all, null, template.EndsInSpace, []);
    }

    // The template has room for one text. Whatever else the request says would be lost, so it is refused.
    private static void RefuseInTemplate(ChatRequest request, SkillDefinition skill)
    {
        string where = $"skill '{skill.Name}' has a prompt of its own with one {PromptTemplate.Input}";
        if (request.Messages.Count != 1 || request.Messages[0].Role != ChatRole.User)
        {
            string found = request.Messages.Count == 0 ? "none" : string.Join(", ", request.Messages.Take(8).Select(m => m.Role.Value));
            throw new InvalidOptionException("messages", found, $"one user message: {where}");
        }

        if (request.Messages[0].Contents.FirstOrDefault(c => c is not TextContent) is { } other)
        {
            throw new InvalidOptionException("user message", other.GetType().Name, $"text: {where}");
        }

        if (request.Instructions is not null)
        {
            throw new InvalidOptionException(nameof(ChatOptions.Instructions), "a text", $"nothing: {where}");
        }

        if (request.Tools.Count > 0)
        {
            throw new InvalidOptionException(nameof(ChatOptions.Tools), $"{request.Tools.Count} tools", $"none: {where}");
        }
    }

    private PreparedPrompt FromChat(ChatRequest request)
    {
        IPromptRenderer renderer = chat() ?? throw new InvalidOptionException(
            "chat", $"a conversation for {model}, which has no chat template", $"a skill with a Prompt ('… {PromptTemplate.Input} …'), or a model with a template");

        IReadOnlyList<JsonObject> messages = MessageMapper.Map(request.Messages, request.Instructions);
        IReadOnlyList<JsonObject> tools = MessageMapper.Map(request.Tools);
        RenderedChat rendered = renderer.Render(messages, tools, addGenerationPrompt: true);
        DroppedParts.Refuse(renderer, messages, tools, rendered, model);
        IReadOnlyList<int> ids = tokenizer.Encode(rendered.Text, rendered.Untrusted);
        int? instruction = new InstructionSpan(tokenizer, renderer).Count(messages, tools, rendered.Text, ids, out string? warning);
        bool endsInSpace = rendered.Text.Length > 0 && char.IsWhiteSpace(rendered.Text[^1]);
        return new PreparedPrompt(ids, instruction, endsInSpace, warning is null ? [] : [warning]);
    }
}
