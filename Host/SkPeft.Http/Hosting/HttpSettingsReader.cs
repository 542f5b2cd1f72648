using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Hosting;

namespace SkPeft.Http.Hosting;

/// <summary>Reads the section, and goes on after a problem, so that all of them are told at once.</summary>
internal static class HttpSettingsReader
{
    public static HttpSettings Read(IConfigurationSection section)
    {
        List<string> problems = [];
        SectionReader reader = new(section, problems);
        HttpSettings standard = new();
        HttpSettings settings = new()
        {
            Urls = reader.Texts(nameof(standard.Urls)) ?? standard.Urls,
            AdminUrls = reader.Texts(nameof(standard.AdminUrls)) ?? standard.AdminUrls,
            KeyFile = reader.Text(nameof(standard.KeyFile)),
            MaxRequestBytes = reader.Integer(nameof(standard.MaxRequestBytes), 1, int.MaxValue) ?? standard.MaxRequestBytes,
            MaxUploadBytes = reader.Integer(nameof(standard.MaxUploadBytes), 1, int.MaxValue) ?? standard.MaxUploadBytes,
            MaxUnpackedBytes = reader.Integer(nameof(standard.MaxUnpackedBytes), 1, int.MaxValue) ?? standard.MaxUnpackedBytes,
            RequestTimeoutSeconds = reader.Integer(nameof(standard.RequestTimeoutSeconds), 1, 86_400) ?? standard.RequestTimeoutSeconds,
            ShutdownTimeoutSeconds = reader.Integer(nameof(standard.ShutdownTimeoutSeconds), 0, 86_400) ?? standard.ShutdownTimeoutSeconds,
            MaxChoices = reader.Integer(nameof(standard.MaxChoices), 1, 1024) ?? standard.MaxChoices,
            CorsOrigins = reader.Texts(nameof(standard.CorsOrigins)) ?? [],
            LoraFolders = reader.Texts(nameof(standard.LoraFolders)) ?? [],
            RunFolders = reader.Texts(nameof(standard.RunFolders)) ?? [],
            OtlpEndpoint = reader.Text(nameof(standard.OtlpEndpoint)),
        };
        reader.RefuseUnknown();
        problems.AddRange(HttpSettingsCheck.Problems(settings));
        return problems.Count == 0 ? settings : throw new ConfigurationException(problems);
    }
}
