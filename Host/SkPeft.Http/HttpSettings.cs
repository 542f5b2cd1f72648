using Microsoft.Extensions.Configuration;
using SkPeft.Http.Hosting;

namespace SkPeft.Http;

/// <summary>The <c>SkPeftHttp</c> section of a configuration: where the server listens, and what it allows. Relative paths are relative to the content root.</summary>
public sealed record HttpSettings
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "SkPeftHttp";

    /// <summary>Where requests are answered: <c>http://HOST:PORT</c> (an IP address, <c>localhost</c>, or <c>*</c> for all), or <c>http://unix:/PATH</c>. Port 0 takes a free one. TLS ends in front of this server.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>Where <c>/admin</c> and the operator's page are served as well; default: nowhere. Without <see cref="KeyFile"/> only addresses of this machine itself.</summary>
    public IReadOnlyList<string> AdminUrls { get; init; } = [];

    /// <summary>A file of API keys, hashed (docs/http.md); null: no key is asked for.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Bytes that a request's body may have, 1 or more; uploads have a limit of their own. Default: 4 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that an uploaded zip may have. Default: 512 MiB.</summary>
    public long MaxUploadBytes { get; init; } = 512L << 20;

    /// <summary>Bytes that an uploaded zip may unpack to. Default: 1 GiB.</summary>
    public long MaxUnpackedBytes { get; init; } = 1L << 30;

    /// <summary>Seconds that a request may take, from its first byte to the answer's last. Default: 300.</summary>
    public int RequestTimeoutSeconds { get; init; } = 300;

    /// <summary>Seconds that running requests get when the server stops. Default: 30.</summary>
    public int ShutdownTimeoutSeconds { get; init; } = 30;

    /// <summary>The greatest <c>n</c> of a request; also how many answers one request of text completions may ask for. Default: 16.</summary>
    public int MaxChoices { get; init; } = 16;

    /// <summary>Origins whose pages may call this server from a browser; default: none. Never those of <see cref="AdminUrls"/>.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Folders from which <c>/v1/load_lora_adapter</c> may read; default: none, and that endpoint is off.</summary>
    public IReadOnlyList<string> LoraFolders { get; init; } = [];

    /// <summary>Folders whose training runs <c>/admin/runs</c> and the page show: a run's folder, or one with run folders in it; default: none.</summary>
    public IReadOnlyList<string> RunFolders { get; init; } = [];

    /// <summary>Where metrics and traces go by OTLP over HTTP, for instance <c>http://localhost:4318</c>; null: nowhere.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Reads the section <c>SkPeftHttp</c> of a configuration; what is absent has its default.</summary>
    /// <param name="configuration">A configuration with that section, or without it.</param>
    /// <exception cref="ConfigurationException">Something is unknown or of the wrong kind; all problems together, by key.</exception>
    public static HttpSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return HttpSettingsReader.Read(configuration.GetSection(SectionName));
    }
}
