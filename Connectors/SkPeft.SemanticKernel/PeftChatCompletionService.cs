using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SkPeft.SemanticKernel;

/// <summary>One of our clients for code that asks the kernel for <see cref="IChatCompletionService"/>. The selector knows it by its class: functions get the client itself.</summary>
internal sealed class PeftChatCompletionService(IChatClient client) : IChatCompletionService
{
    private readonly IChatCompletionService _inner = client.AsChatCompletionService();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Attributes => _inner.Attributes;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        _inner.GetChatMessageContentsAsync(chatHistory, Typed(executionSettings), kernel, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        _inner.GetStreamingChatMessageContentsAsync(chatHistory, Typed(executionSettings), kernel, cancellationToken);

    private static PeftPromptExecutionSettings? Typed(PromptExecutionSettings? settings) =>
        settings is null ? null : PeftPromptExecutionSettings.FromExecutionSettings(settings);
}
