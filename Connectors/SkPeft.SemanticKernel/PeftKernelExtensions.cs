using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Skills;

namespace SkPeft.SemanticKernel;

/// <summary>Registration in a kernel, or in the services that a kernel is made of.</summary>
public static class PeftKernelExtensions
{
    /// <summary>
    /// Lets the kernel's functions be answered by what the section <c>SkPeft</c> describes: each by the skill that claims it. Registers
    /// <see cref="IChatClient"/>s (see <see cref="AddPeftChatClient(IServiceCollection, IConfiguration)"/>) and the same as <see cref="IChatCompletionService"/>.
    /// </summary>
    /// <remarks>Settings that are wrong are told by the first call, or by the host where there is one. The model is owned by the kernel's services.</remarks>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="configuration">A configuration with a section <c>SkPeft</c>, or that section.</param>
    public static IKernelBuilder AddPeftChatCompletion(this IKernelBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPeftChatClient(configuration);
        return builder.AddCompletionServices(SettingsReader.Read(configuration, out _).Skills);
    }

    /// <summary>The same, of settings in code.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="settings">The settings.</param>
    public static IKernelBuilder AddPeftChatCompletion(this IKernelBuilder builder, SkPeftSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPeftChatClient(settings);
        return builder.AddCompletionServices(settings.Skills);
    }

    /// <summary>The same, of an opened runtime, which its maker goes on owning; several kernels may share it.</summary>
    /// <param name="builder">The kernel's builder.</param>
    /// <param name="runtime">Model, plugins, store and skills.</param>
    public static IKernelBuilder AddPeftChatCompletion(this IKernelBuilder builder, PeftRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPeftChatClient(runtime);
        return builder.AddCompletionServices(runtime.Skills.Skills);
    }

    /// <summary>
    /// Registers chat clients: one for each skill under the skill's name, one for each module under its reference (<c>service_id</c> names
    /// either), and one that routes every function to the skill that claims it; and the selector that tells it which function asks.
    /// Functions that the model calls are invoked, where the settings say so.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A configuration with a section <c>SkPeft</c>, or that section.</param>
    public static IServiceCollection AddPeftChatClient(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        SkPeftSettings settings = SettingsReader.Read(configuration, out IReadOnlyList<string> problems);
        return services.AddSkPeft(settings, problems, configuration, Invoking).AddSelector(settings.Skills, Current);
    }

    /// <summary>The same, of settings in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">The settings.</param>
    public static IServiceCollection AddPeftChatClient(this IServiceCollection services, SkPeftSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        IReadOnlyList<string> problems = SkillMap.Check(settings.Skills, settings.AllowBase).Problems;
        return services.AddSkPeft(settings, problems, wrap: Invoking).AddSelector(settings.Skills, Current);
    }

    /// <summary>The same, of an opened runtime, which its maker goes on owning.</summary>
    /// <param name="services">The services.</param>
    /// <param name="runtime">Model, plugins, store and skills.</param>
    public static IServiceCollection AddPeftChatClient(this IServiceCollection services, PeftRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(runtime);
        ClientRegistration.AddTo(services, runtime.Skills.Skills, (provider, binding) => Invoking(provider, runtime.CreateClient(binding)));
        return services.AddSelector(runtime.Skills.Skills, _ => runtime.Skills);
    }

    private static SkillMap Current(IServiceProvider provider) => provider.GetRequiredService<RuntimeHost>().Skills;

    private static IChatClient Invoking(IServiceProvider provider, IChatClient client) =>
        client.AsBuilder().UseKernelFunctionInvocation(provider.GetService<ILoggerFactory>()).Build(provider);

    private static IServiceCollection AddSelector(this IServiceCollection services, IReadOnlyList<SkillDefinition> skills, Func<IServiceProvider, SkillMap> current)
    {
        string[] keys = [.. ClientBinding.Of(skills).Select(b => b.Key), ServiceCollectionExtensions.ServiceKey];
        services.TryAddSingleton<NestedCalls>();
        services.AddSingleton<IPromptRenderFilter>(provider => provider.GetRequiredService<NestedCalls>());
        services.AddSingleton<IAIServiceSelector>(provider => new PeftServiceSelector(() => current(provider), keys, provider.GetRequiredService<NestedCalls>()));
        return services;
    }

    private static IKernelBuilder AddCompletionServices(this IKernelBuilder builder, IReadOnlyList<SkillDefinition> skills)
    {
        foreach (string? key in (string?[])[.. ClientBinding.Of(skills).Select(b => b.Key), ServiceCollectionExtensions.ServiceKey, null])
        {
            builder.Services.AddKeyedSingleton<IChatCompletionService>(key, (provider, _) => new PeftChatCompletionService(provider.GetRequiredKeyedService<IChatClient>(key)));
        }

        return builder;
    }
}
