using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Functions;

/// <summary>
/// Chooses who answers a function's call in a framework where services of several makers may stand beside each other: a service that the
/// settings name; then, for settings that name an adapter or a skill, and for functions that a skill claims, the client that routes; else
/// whoever the framework would choose.
/// </summary>
/// <param name="skills">The skills as they are now.</param>
/// <param name="services">The keys of the services, for messages.</param>
internal sealed class ServiceSelection(SkillMap skills, IReadOnlyCollection<string> services)
{
    /// <param name="function">The function that asks.</param>
    /// <param name="settings">Its settings, in their order.</param>
    /// <param name="isService">Whether there is a service of this key.</param>
    public ServiceChoice Choose(CallingFunction function, IReadOnlyList<CallSettings> settings, Func<string, bool> isService)
    {
        for (int i = 0; i < settings.Count; i++)
        {
            if (settings[i].Service is { } service && isService(service))
            {
                return new ServiceChoice(ChoiceKind.Named, service, i);
            }
        }

        int standard = IndexOf(settings, s => s.Service is null);
        int named = IndexOf(settings, s => s.Service is null && s.NamesModule);
        if (named >= 0)
        {
            return new ServiceChoice(ChoiceKind.Routing, Settings: named);
        }

        // Settings that are all for services which are not here are not for this one either.
        bool isOpen = settings.Count == 0 || standard >= 0;
        if (isOpen && IsClaimed(function))
        {
            return new ServiceChoice(ChoiceKind.Routing, Settings: standard >= 0 ? standard : null);
        }

        return isOpen || settings.Any(s => !string.IsNullOrEmpty(s.ModelId))
            ? new ServiceChoice(ChoiceKind.Framework)
            : new ServiceChoice(ChoiceKind.Nobody, Problem: Missing(settings));
    }

    private bool IsClaimed(CallingFunction function) =>
        (function.Name is { } name && (skills.ByFunction(name) ?? (function.Plugin is null ? null : skills.ByFunction($"{function.Plugin}.{name}"))) is not null)
        || (function.Plugin is { } plugin && skills.ByPlugin(plugin) is not null);

    private string Missing(IReadOnlyList<CallSettings> settings) =>
        $"The execution settings name the service {string.Join(", ", settings.Select(s => $"'{s.Service}'"))}, and there is no service of that key. " +
        $"Services: {string.Join(", ", services.Select(s => $"'{s}'"))}. Name one of them, or add settings under '{CallSettings.Any}'.";

    private static int IndexOf(IReadOnlyList<CallSettings> settings, Func<CallSettings, bool> isIt)
    {
        for (int i = 0; i < settings.Count; i++)
        {
            if (isIt(settings[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
