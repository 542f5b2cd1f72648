namespace SkPeft.Http.Hosting;

/// <summary>What is wrong with settings, looked at alone.</summary>
internal static class HttpSettingsCheck
{
    private const string Section = HttpSettings.SectionName;

    public static IEnumerable<string> Problems(HttpSettings settings)
    {
        foreach (string problem in Addresses(nameof(settings.Urls), settings.Urls).Concat(Addresses(nameof(settings.AdminUrls), settings.AdminUrls)))
        {
            yield return problem;
        }

        if (settings.Urls.Count == 0)
        {
            yield return $"{Section}:{nameof(settings.Urls)}: nothing is given, expected at least one address such as http://127.0.0.1:8080.";
        }

        foreach (string url in settings.AdminUrls.Where(u => settings.KeyFile is null && ListenAddress.TryParse(u, out _) is { IsLocal: false }))
        {
            yield return $"{Section}:{nameof(settings.AdminUrls)}: '{url}' can be reached from other machines; expected a {nameof(settings.KeyFile)} with an admin key, or an address such as http://127.0.0.1:8081.";
        }

        foreach (string origin in settings.CorsOrigins.Where(o => !IsOrigin(o)))
        {
            yield return $"{Section}:{nameof(settings.CorsOrigins)}: '{origin}' is not an origin, expected for instance https://app.example.com.";
        }

        if (settings.OtlpEndpoint is { } otlp && !(Uri.TryCreate(otlp, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"{Section}:{nameof(settings.OtlpEndpoint)}: '{otlp}' is not an address, expected for instance http://localhost:4318.";
        }
    }

    private static IEnumerable<string> Addresses(string key, IReadOnlyList<string> urls)
    {
        foreach (string url in urls)
        {
            if (ListenAddress.TryParse(url, out string? problem) is null)
            {
                yield return $"{Section}:{key}: '{url}' {problem}";
            }
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && text.TrimEnd('/') == uri.GetLeftPart(UriPartial.Authority);
}
