using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;

namespace SkPeft.Host.Chat;

/// <summary>Whom the user talks to, and what was said.</summary>
internal sealed class ChatState(IReadOnlyList<SkillDefinition> skills)
{
    private readonly List<ChatMessage> _history = [];

    /// <summary>The skill chosen by <c>/skill</c>.</summary>
    public string? Skill { get; private set; }

    /// <summary>The adapter chosen by <c>/adapter</c>; at first the bare model, unless a skill is the default.</summary>
    public string? Adapter { get; private set; } = skills.Any(s => s.Default) ? null : SkillRouter.Base;

    public void UseSkill(string? name)
    {
        (Skill, Adapter) = (name, name is null && !skills.Any(s => s.Default) ? SkillRouter.Base : null);
        Forget();
    }

    public void UseAdapter(string reference)
    {
        (Skill, Adapter) = (null, reference);
        Forget();
    }

    public void Forget() => _history.Clear();

    public ChatOptions Options()
    {
        AdditionalPropertiesDictionary properties = [];
        if (Skill is not null)
        {
            properties["skill"] = Skill;
        }

        if (Adapter is not null)
        {
            properties["adapter"] = Adapter;
        }

        return new ChatOptions { AdditionalProperties = properties };
    }

    /// <summary>What to send: a skill with a prompt of its own has room for one text; all others get the conversation.</summary>
    public IReadOnlyList<ChatMessage> MessagesFor(string text, SkillDefinition? skill)
    {
        ChatMessage message = new(ChatRole.User, text);
        return skill?.Prompt is null ? [.. _history, message] : [message];
    }

    public void Remember(string question, string answer)
    {
        _history.Add(new ChatMessage(ChatRole.User, question));
        _history.Add(new ChatMessage(ChatRole.Assistant, answer));
    }
}
