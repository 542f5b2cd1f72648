using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Keys;
using SkPeft.Http.Lora;
using SkPeft.Http.Metrics;
using SkPeft.Http.OpenApi;
using SkPeft.Http.Pipeline;
using SkPeft.Http.Runs;
using SkPeft.Http.Stats;

namespace SkPeft.Http.Hosting;

/// <summary>Puts the parts of the server together. Nothing of the surroundings (files, variables) has a say: only the settings have.</summary>
internal static class ServerBuilder
{
    /// <summary>The log of what becomes of a changed configuration.</summary>
    public const string ConfigurationLogName = "SkPeft.Configuration";

    private const string LogName = "SkPeft";

    /// <param name="model">What to serve.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="logging">Where the log goes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="followed">Where the settings come from, if they may change; or null.</param>
    /// <param name="listeners">Gets what tells the ports.</param>
    public static WebApplication Build(
        SkPeftSettings model, HttpSettings settings, string folder, Action<ILoggingBuilder>? logging, TimeProvider time, SettingsSource? followed,
        List<(ListenOptions Options, bool IsAdmin)> listeners)
    {
        string[] problems = [.. HttpSettingsCheck.Problems(settings)];
        if (problems.Length > 0)
        {
            throw new ConfigurationException(problems);
        }

        KeyRing keys = new(settings.KeyFile is { } file ? Path.GetFullPath(file, folder) : null, time);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Path.GetFullPath(folder), ApplicationName = "SkPeft.Http" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings, listeners));
        logging?.Invoke(builder.Logging);
        AddServices(builder.Services, model, settings, folder, keys, time);
        Follow(builder.Services, settings, followed);
        WebApplication app = builder.Build();
        Use(app, settings);
        Endpoints.Map(app);

        // Both listen from the start: the one to the meters, the other to the model's host.
        _ = app.Services.GetRequiredService<MetricsCollector>();
        if (settings.AdminUrls.Count > 0)
        {
            app.Services.GetRequiredService<ActivityHistory>().Start();
        }

        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, HttpSettings settings, List<(ListenOptions Options, bool IsAdmin)> listeners)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
        foreach ((string url, bool isAdmin) in settings.Urls.Select(u => (u, false)).Concat(settings.AdminUrls.Select(u => (u, true))))
        {
            ListenAddress address = ListenAddress.TryParse(url, out _)!;
            listeners.Add((address.Listen(kestrel, new Listener(isAdmin, address.IsLocal)), isAdmin));
        }
    }

    private static void AddServices(IServiceCollection services, SkPeftSettings model, HttpSettings settings, string folder, KeyRing keys, TimeProvider time)
    {
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(time);
        services.AddSingleton(settings);
        services.AddSingleton(keys);
        services.AddSingleton<Drain>();
        services.AddSingleton(new ServerPaths(model, settings, folder));
        object meters = new();
        services.AddSingleton(provider => new HttpMeters(provider.GetRequiredService<ModelHost>(), provider.GetRequiredService<RecentAnswers>(), meters));
        services.AddSingleton(_ => new MetricsCollector(meters));
        services.AddSingleton<RecentAnswers>();
        services.AddSingleton<ActivityHistory>();
        services.AddSingleton(new LoraFolders([.. settings.LoraFolders.Select(f => Path.GetFullPath(f, folder))]));
        services.AddSingleton(new RunLibrary([.. settings.RunFolders.Select(f => Path.GetFullPath(f, folder))], time));
        services.AddSingleton(provider => provider.GetRequiredService<ILoggerFactory>().CreateLogger(LogName));
        services.AddSingleton(provider => new ModelHost(model, folder, provider.GetRequiredService<ILogger>(), time, meters));
        services.AddRoutingCore();
        services.AddOpenApi(BodySchemas.Document, BodySchemas.Configure);
        services.ConfigureHttpJsonOptions(options => JsonForm.Apply(options.SerializerOptions));
        Endpoints.AddTo(services);
        if (settings.CorsOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ReceiptHeader.Name, ReceiptHeader.IgnoredName)));
        }

        if (settings.OtlpEndpoint is { } otlp)
        {
            Otlp.AddTo(services, otlp);
        }
    }

    private static void Follow(IServiceCollection services, HttpSettings settings, SettingsSource? followed)
    {
        if (followed is not null)
        {
            services.AddSingleton(provider => new SettingsReload(
                Read, followed.Changes, provider.GetRequiredService<ModelHost>().Runtime, provider.GetRequiredService<ILoggerFactory>().CreateLogger(ConfigurationLogName)));
        }

        ReadSettings Read()
        {
            (SkPeftSettings model, HttpSettings http) = followed.Read();
            return new ReadSettings(model, [.. SettingsDifference.Between(settings, http).Select(name => $"{HttpSettings.SectionName}:{name}")]);
        }
    }

    private static void Use(WebApplication app, HttpSettings settings)
    {
        app.UseMiddleware<RequestMeter>();
        app.UseMiddleware<ErrorHandler>();
        app.UseRouting();
        if (settings.CorsOrigins.Count > 0)
        {
            // The admin's pages are its own.
            app.UseWhen(context => context.Features.Get<Listener>() is { IsAdmin: false }, branch => branch.UseCors());
        }

        app.UseMiddleware<Gate>();
        app.UseMiddleware<TimeLimit>();
    }
}
