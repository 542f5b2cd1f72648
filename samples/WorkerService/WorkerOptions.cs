using Microsoft.Extensions.Configuration;

namespace SkPeft.WorkerServiceSample;

/// <summary>Where reviews come from and where labels go, as full paths.</summary>
internal sealed record WorkerOptions(string Inbox, string Outbox, string Skill, bool Once)
{
    public static WorkerOptions Of(IConfiguration configuration, string folder) => new(
        Path.GetFullPath(configuration["Worker:Inbox"] ?? "inbox", folder),
        Path.GetFullPath(configuration["Worker:Outbox"] ?? "outbox", folder),
        configuration["Worker:Skill"] ?? "sentiment",
        bool.TryParse(configuration["Worker:Once"], out bool once) && once);
}
