using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Hosting;

/// <summary>Registration in a service collection.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>The key of the client that routes, beside its registration without a key.</summary>
    public const string ServiceKey = "skpeft";

    /// <summary>
    /// Registers what the section <c>SkPeft</c> describes: an <see cref="IChatClient"/> that routes every request (without a key, and as
    /// <c>skpeft</c>), one for each skill under the skill's name and for each module under its reference, and <see cref="PeftRuntime"/>, which owns model, plugins and store.
    /// </summary>
    /// <remarks>
    /// Nothing is opened here. When the host starts, the settings are checked, the model is opened and every skill's adapter is loaded;
    /// whatever is wrong stops the start with a <see cref="ConfigurationException"/> that names the keys.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A configuration with a section <c>SkPeft</c>, or that section.</param>
    public static IServiceCollection AddSkPeft(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        SkPeftSettings settings = SettingsReader.Read(configuration, out IReadOnlyList<string> problems);
        return services.AddSkPeft(settings, problems);
    }

    /// <summary>Registers what the settings describe, as <see cref="AddSkPeft(IServiceCollection, IConfiguration)"/> does.</summary>
    public static IServiceCollection AddSkPeft(this IServiceCollection services, SkPeftSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        return services.AddSkPeft(settings, SkillMap.Check(settings.Skills, settings.AllowBase).Problems);
    }

    /// <param name="services">The services.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="problems">What is wrong with them, told when the host starts.</param>
    /// <param name="wrap">What frameworks put around every client, or null.</param>
    internal static IServiceCollection AddSkPeft(
        this IServiceCollection services, SkPeftSettings settings, IReadOnlyList<string> problems, Func<IServiceProvider, IChatClient, IChatClient>? wrap = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => problems.Count > 0
            ? throw new ConfigurationException(problems)
            : PeftRuntime.Open(
                settings,
                provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory,
                provider.GetService<ILoggerFactory>()?.CreateLogger("SkPeft"),
                provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<PeftRuntime>().Router);
        services.AddHostedService<SkPeftStartup>();
        ClientRegistration.AddTo(services, settings.Skills, (provider, binding) =>
        {
            IChatClient client = provider.GetRequiredService<PeftRuntime>().CreateClient(binding);
            return wrap is null ? client : wrap(provider, client);
        });
        return services;
    }
}
