using Microsoft.Extensions.Configuration;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Http;

namespace SkPeft.Host.Serving;

/// <summary>What is served and how: the settings file, and the command line, which goes before it.</summary>
internal sealed class ServeSettings : IDisposable
{
    private const int StandardMaxTokens = 256;
    private const string Shape = "{ \"SkPeft\": { … }, \"SkPeftHttp\": { … } }";
    private readonly UnpackedBundle? _unpacked;

    private readonly FollowedFile? _file;

    private ServeSettings(SkPeftSettings model, HttpSettings http, UnpackedBundle? unpacked) => (Model, Http, _unpacked) = (model, http, unpacked);

    private ServeSettings(FollowedFile file, ServeRequest request)
    {
        (Model, Http) = Read(file.Path, request);
        _file = file;
        Followed = new SettingsSource(() => Read(file.Path, request), file.Changes);
    }

    public SkPeftSettings Model { get; }

    public HttpSettings Http { get; }

    /// <summary>The settings file, where it says which skills there are; it may change while they are served.</summary>
    public SettingsSource? Followed { get; }

    /// <param name="request">The command line.</param>
    /// <param name="time">The clock of looking at the settings file.</param>
    /// <exception cref="SkPeftException">A file is missing or malformed, or a setting is.</exception>
    /// <exception cref="UsageException">The command line and the file do not go together.</exception>
    public static ServeSettings Of(ServeRequest request, TimeProvider? time = null)
    {
        IConfiguration file = request.Config is { } path ? SettingsFile.Load(path, Shape) : new ConfigurationBuilder().Build();
        HttpSettings http = Over(HttpSettings.Read(file), request);
        if (file.GetSection(SkPeftSettings.SectionName).Exists())
        {
            return new ServeSettings(new FollowedFile(request.Config!, time ?? TimeProvider.System), request);
        }

        UnpackedBundle? unpacked = null;
        SkPeftSettings model = BundleOf(request.Model) is { } bundle
            ? bundle.SettingsFor(StoreOf(bundle, request.Store, out unpacked))
            : new SkPeftSettings { Model = request.Model!, Store = StoreFolder.Open(request.Store).Folder };
        return new ServeSettings(Over(model with { AllowBase = true, MaxOutputTokens = StandardMaxTokens }, request), http, unpacked);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _unpacked?.Dispose();
    }

    private static (SkPeftSettings Model, HttpSettings Http) Read(string path, ServeRequest request)
    {
        IConfiguration file = SettingsFile.Load(path, Shape);
        return (Over(FromFile(file, request), request), Over(HttpSettings.Read(file), request));
    }

    private static ModelBundle? BundleOf(string? model) => model is null ? ModelBundle.OpenShipped()
        : File.Exists(Path.Combine(model, ModelBundle.FileName)) ? ModelBundle.Open(model)
        : null;

    // A bundle's modules go into the store that was named, else into a temporary one: the user's own stays as it is.
    private static string StoreOf(ModelBundle bundle, string? store, out UnpackedBundle? unpacked)
    {
        unpacked = store is null ? bundle.Unpack() : null;
        if (unpacked is not null)
        {
            return unpacked.Store;
        }

        AdapterStore named = StoreFolder.Open(store);
        bundle.AddTo(named);
        return named.Folder;
    }

    private static SkPeftSettings FromFile(IConfiguration file, ServeRequest request)
    {
        if (request.Model is { } named && BundleOf(named) is not null)
        {
            throw new UsageException($"'{named}' is a bundle with skills of its own, and {request.Config} has a section {SkPeftSettings.SectionName}: name the bundle's model file, or leave the section out.");
        }

        Dictionary<string, string?> given = new()
        {
            [$"{SkPeftSettings.SectionName}:{nameof(SkPeftSettings.Model)}"] = request.Model,
            [$"{SkPeftSettings.SectionName}:{nameof(SkPeftSettings.Store)}"] = request.Store,
        };
        return SkPeftSettings.Read(new ConfigurationBuilder().AddConfiguration(file).AddInMemoryCollection(given.Where(g => g.Value is not null)).Build());
    }

    private static SkPeftSettings Over(SkPeftSettings settings, ServeRequest request) => settings with
    {
        Plugins = request.Plugins.Count > 0 ? request.Plugins : settings.Plugins,
        MaxOutputTokens = request.MaxTokens ?? settings.MaxOutputTokens,
        Precision = request.Precision ?? settings.Precision,
        Threads = request.Threads ?? settings.Threads,
    };

    private static HttpSettings Over(HttpSettings settings, ServeRequest request) => settings with
    {
        Urls = request.Urls.Count > 0 ? request.Urls : settings.Urls,
        AdminUrls = request.AdminUrls.Count > 0 ? request.AdminUrls : settings.AdminUrls,
        KeyFile = request.KeyFile ?? settings.KeyFile,
        LoraFolders = request.LoraFolders.Count > 0 ? request.LoraFolders : settings.LoraFolders,
        RunFolders = request.RunFolders.Count > 0 ? request.RunFolders : settings.RunFolders,
    };
}
