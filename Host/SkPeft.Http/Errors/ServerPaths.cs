using System.Text.RegularExpressions;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Lora;
using SkPeft.Http.Models;

namespace SkPeft.Http.Errors;

/// <summary>Where things lie on this server, which is nobody's business: in an error that leaves over HTTP, a path becomes the name of what lies there.</summary>
internal sealed class ServerPaths
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Regex _known;

    /// <param name="model">What is served.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    public ServerPaths(SkPeftSettings model, HttpSettings settings, string folder)
    {
        SkPeftSettings full = model.Under(folder);
        Add(full.Model, ModelNames.BaseOf(full.Model));
        Add(full.Store, nameof(full.Store));
        Add(full.ChatTemplate, nameof(full.ChatTemplate));
        Add(settings.KeyFile is { } keys ? Path.GetFullPath(keys, folder) : null, nameof(settings.KeyFile));
        AddAll(full.Plugins, nameof(full.Plugins));
        string[] loras = [.. settings.LoraFolders.Select(f => Path.GetFullPath(f, folder))];
        AddAll([.. loras, .. loras.Select(LoraFolders.Real).OfType<string>()], nameof(settings.LoraFolders));
        AddAll(settings.RunFolders.Select(f => Path.GetFullPath(f, folder)), nameof(settings.RunFolders));

        // What is not configured may still lie beside what is.
        Add(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(full.Model)), nameof(full.Model));
        Add(Path.GetFullPath(folder), "…");
        Add(AppContext.BaseDirectory, "…");
        Add(Path.GetTempPath(), "…");
        Add(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "…");

        // The longest first: a store may lie beside its model. A longer name that begins alike is another one.
        string any = string.Join('|', _names.Keys.OrderByDescending(p => p.Length).Select(Regex.Escape));
        _known = new Regex($@"(?<![\w.-])(?:{any})(?![\w-]|\.\w)", RegexOptions.CultureInvariant);
    }

    /// <summary>The text with names in place of this server's paths.</summary>
    public string Hide(string text) => _known.Replace(text, match => _names[match.Value]);

    /// <summary>The error as it may leave. What this server says of a client's own words stays as it is: changing it would confirm a guess.</summary>
    public ApiException Hide(ApiException error) => error.InnerException is SkPeftException && Hide(error.Message) is var message && message != error.Message
        ? new ApiException(error.Status, error.Type, message, error.InnerException) { Code = error.Code, Param = error.Param, RetryAfter = error.RetryAfter }
        : error;

    private void AddAll(IEnumerable<string> paths, string name)
    {
        foreach (string path in paths)
        {
            Add(path, name);
        }
    }

    // The root of a disk is no secret, and in every path.
    private void Add(string? path, string name)
    {
        if (!string.IsNullOrEmpty(path) && Path.TrimEndingDirectorySeparator(path) is var trimmed && trimmed != Path.GetPathRoot(trimmed))
        {
            _names.TryAdd(trimmed, name);
        }
    }
}
