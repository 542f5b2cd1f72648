using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using Microsoft.SemanticKernel.TextGeneration;
using SkPeft.Connectors.Functions;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Skills;

namespace SkPeft.SemanticKernel;

/// <summary>
/// Gives every function the client that answers it, and tells our clients which function asks, so that its skill answers. Whoever else is
/// registered in the kernel stays what it is: Semantic Kernel's own selector decides there.
/// </summary>
/// <param name="skills">The skills as they are now.</param>
/// <param name="keys">The keys of our clients, for messages.</param>
/// <param name="nested">Knows whose settings a nested call was handed.</param>
internal sealed class PeftServiceSelector(Func<SkillMap> skills, IReadOnlyList<string> keys, NestedCalls nested) : IAIServiceSelector, IChatClientSelector
{
    // Its class is internal; a kernel without services has it.
    private static readonly IAIServiceSelector s_framework = new Kernel().ServiceSelector;

    /// <inheritdoc/>
    /// <remarks>Semantic Kernel asks for these before it asks for chat clients; for what ours answer there is none.</remarks>
    public bool TrySelectAIService<T>(
        Kernel kernel, KernelFunction function, KernelArguments arguments, [NotNullWhen(true)] out T? service, out PromptExecutionSettings? serviceSettings)
        where T : class, IAIService
    {
        KernelArguments own = OwnArguments(arguments);
        ServiceChoice choice = Choose(kernel, function, own, out _);
        service = null;
        serviceSettings = null;
        return choice.Kind is ChoiceKind.Named or ChoiceKind.Framework
            && (choice.Service is null || !IsOurs(Find<IChatClient>(kernel, choice.Service)))
            && s_framework.TrySelectAIService(kernel, function, own, out service, out serviceSettings)
            && service is not PeftChatCompletionService;
    }

    /// <inheritdoc/>
    /// <exception cref="KernelException">The settings name services, and there is none of them.</exception>
    public bool TrySelectChatClient<T>(
        Kernel kernel, KernelFunction function, KernelArguments arguments, [NotNullWhen(true)] out T? service, out PromptExecutionSettings? serviceSettings)
        where T : class, IChatClient
    {
        KernelArguments own = OwnArguments(arguments);
        ServiceChoice choice = Choose(kernel, function, own, out IReadOnlyList<PromptExecutionSettings> settings);
        service = choice.Kind switch
        {
            ChoiceKind.Named => Find<T>(kernel, choice.Service!),
            ChoiceKind.Routing => Find<T>(kernel, ServiceCollectionExtensions.ServiceKey),
            ChoiceKind.Nobody => throw new KernelException(choice.Problem),
            _ => null,
        };
        serviceSettings = choice.Settings is { } index ? settings[index] : null;
        if (choice.Kind == ChoiceKind.Framework && !((IChatClientSelector)s_framework).TrySelectChatClient(kernel, function, own, out service, out serviceSettings))
        {
            return false;
        }

        if (IsOurs(service))
        {
            serviceSettings = InTheNameOf(function, serviceSettings);
        }

        return service is not null;
    }

    private KernelArguments OwnArguments(KernelArguments arguments) =>
        nested.AreOfCaller(arguments.ExecutionSettings) ? new KernelArguments(arguments) { ExecutionSettings = null } : arguments;

    private ServiceChoice Choose(Kernel kernel, KernelFunction function, KernelArguments arguments, out IReadOnlyList<PromptExecutionSettings> settings)
    {
        KeyValuePair<string, PromptExecutionSettings>[] all = [.. arguments.ExecutionSettings ?? function.ExecutionSettings ?? new Dictionary<string, PromptExecutionSettings>()];
        settings = [.. all.Select(s => s.Value)];
        return new ServiceSelection(skills(), keys).Choose(
            CallingFunction.Of(function.PluginName, function.Name),
            [.. all.Select(s => Describe(s.Key, s.Value))],
            key => Find<IChatClient>(kernel, key) is not null || Find<IChatCompletionService>(kernel, key) is not null || Find<ITextGenerationService>(kernel, key) is not null);
    }

    private static CallSettings Describe(string key, PromptExecutionSettings settings) => new(
        key,
        settings.ServiceId ?? FunctionProperties.Find(settings.ExtensionData, "service_id") as string,
        settings.ModelId,
        settings is PeftPromptExecutionSettings { Adapter: not null } or PeftPromptExecutionSettings { Skill: not null } || FunctionProperties.NamesModule(settings.ExtensionData));

    /// <summary>A copy that says which function asks: the function's own settings are frozen, and others may hold them.</summary>
    private static PeftPromptExecutionSettings InTheNameOf(KernelFunction function, PromptExecutionSettings? settings)
    {
        PeftPromptExecutionSettings copy = PeftPromptExecutionSettings.FromExecutionSettings(settings);
        IDictionary<string, object> values = copy.ExtensionData is null ? [] : new Dictionary<string, object>(copy.ExtensionData);
        FunctionProperties.Add(values, CallingFunction.Of(function.PluginName, function.Name));
        copy.ExtensionData = values.Count > 0 ? values : null;
        return copy;
    }

    private static bool IsOurs(IChatClient? client) => client?.GetService<ChatClientMetadata>()?.ProviderName == Connectors.PeftChatClient.ProviderName;

    private static T? Find<T>(Kernel kernel, string key)
        where T : class => (kernel.Services as IKeyedServiceProvider)?.GetKeyedService<T>(key);
}
