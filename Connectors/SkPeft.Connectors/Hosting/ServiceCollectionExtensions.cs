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

    internal const string LogName = "SkPeft";

    /// <summary>
    /// Registers what the section <c>SkPeft</c> describes: an <see cref="IChatClient"/> that routes every request (without a key, and as
    /// <c>skpeft</c>), one for each skill under the skill's name and for each module under its reference, and <see cref="PeftRuntime"/>, which owns model, plugins and store.
    /// </summary>
    /// <remarks>
    /// <para>Nothing is opened here. When the host starts, the settings are checked: whatever is wrong with them stops the start with a
    /// <see cref="ConfigurationException"/> that names the keys. Then model, store and plugins are opened in the background, every skill's adapter is
    /// loaded, and a first token is asked for; where that fails, the host stops with what was wrong. Requests wait meanwhile.</para>
    /// <para>Health checks: <c>live</c>, <c>ready</c> (a first token was produced), <c>store</c>, <c>plugins</c>. Changed skills and plugin folders of
    /// the configuration are taken over while requests run; a changed configuration that cannot be served is told in the log and by
    /// <c>ready</c>, and the one before goes on. When the host stops, new requests are refused with a <see cref="HostStoppingException"/>, and
    /// those that run finish within its shutdown timeout.</para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A configuration with a section <c>SkPeft</c>, or that section.</param>
    public static IServiceCollection AddSkPeft(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        SkPeftSettings settings = SettingsReader.Read(configuration, out IReadOnlyList<string> problems);
        return services.AddSkPeft(settings, problems, configuration);
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
    /// <param name="followed">The configuration whose changes are taken over; null: none.</param>
    /// <param name="wrap">What frameworks put around every client, or null.</param>
    internal static IServiceCollection AddSkPeft(
        this IServiceCollection services,
        SkPeftSettings settings,
        IReadOnlyList<string> problems,
        IConfiguration? followed = null,
        Func<IServiceProvider, IChatClient, IChatClient>? wrap = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new SettingsCheck(problems));
        services.AddSingleton<Drain>();
        services.AddSingleton(provider =>
        {
            provider.GetRequiredService<SettingsCheck>().Require();
            string folder = provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory;
            return new RuntimeHost(settings, folder, LoggerOf(provider), provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<RuntimeHost>().Open());
        services.AddSingleton(provider => provider.GetRequiredService<PeftRuntime>().Router);
        if (followed is not null)
        {
            services.AddSingleton(provider => new SettingsReload(
                () => new ReadSettings(SkPeftSettings.Read(followed), []), followed.GetReloadToken, provider.GetRequiredService<RuntimeHost>(), LoggerOf(provider)));
        }

        services.AddHostedService<SkPeftService>();
        RuntimeHealth.AddTo(services);
        ClientRegistration.AddTo(services, settings.Skills, (provider, binding) =>
        {
            HostedChatClient client = new(provider.GetRequiredService<RuntimeHost>(), provider.GetRequiredService<Drain>(), binding);
            return wrap is null ? client : wrap(provider, client);
        });
        return services;
    }

    private static ILogger? LoggerOf(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger(LogName);
}
