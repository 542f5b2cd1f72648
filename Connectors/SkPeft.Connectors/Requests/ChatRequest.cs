using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Connectors.Tools;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Structured;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Requests;

/// <summary>A request, read: messages and every option as a typed value.</summary>
internal sealed record ChatRequest
{
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public required RouteRequest Route { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public string? Instructions { get; init; }

    public ToolChoice ToolChoice { get; init; } = ToolChoice.None;

    public IReadOnlyList<AIFunctionDeclaration> Tools => ToolChoice.Tools;

    /// <summary>What the answer's text must be; null: any text.</summary>
    public OutputPart? Format { get; init; }

    /// <summary>The classes that the answer is one of, in place of the skill's; empty: what the skill says.</summary>
    public IReadOnlyList<SkillLabel> Labels { get; init; } = [];

    public int? MaxTokens { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public Precision? Precision { get; init; }

    public string? Tenant { get; init; }

    public int Priority { get; init; }

    public TimeSpan? Deadline { get; init; }

    public int PromptLookup { get; init; }
}
