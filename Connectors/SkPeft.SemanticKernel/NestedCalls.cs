using Microsoft.SemanticKernel;

namespace SkPeft.SemanticKernel;

/// <summary>
/// Knows whose settings the functions that a template calls were handed. Settings given with a call's arguments are for the function that was
/// called; Semantic Kernel hands them to every <c>{{plugin.function}}</c> of its template as well, in place of that function's own.
/// </summary>
/// <remarks>
/// A template is rendered within one awaited call, in a stream as well, and everything that it calls runs inside that call: an
/// <see cref="AsyncLocal{T}"/> set around it is seen by exactly these. (Around an invocation it would not do: a stream is read later, from elsewhere.)
/// </remarks>
internal sealed class NestedCalls : IPromptRenderFilter
{
    private readonly AsyncLocal<Rendering?> _current = new();

    /// <inheritdoc/>
    public async Task OnPromptRenderAsync(PromptRenderContext context, Func<PromptRenderContext, Task> next)
    {
        if (context.Arguments.ExecutionSettings is { } settings)
        {
            _current.Value = new Rendering(settings, _current.Value);
        }

        await next(context).ConfigureAwait(false);
        if (context.ExecutionSettings is PeftPromptExecutionSettings own && context.RenderedPrompt?.Contains("<message", StringComparison.OrdinalIgnoreCase) == false)
        {
            own.IsPlainPrompt();
        }
    }

    /// <summary>Whether these settings were given to a function whose template is being rendered, and not to the one that it calls.</summary>
    public bool AreOfCaller(IReadOnlyDictionary<string, PromptExecutionSettings>? settings)
    {
        for (Rendering? rendering = settings is null ? null : _current.Value; rendering is not null; rendering = rendering.Outer)
        {
            if (ReferenceEquals(rendering.Settings, settings))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Rendering(IReadOnlyDictionary<string, PromptExecutionSettings> Settings, Rendering? Outer);
}
