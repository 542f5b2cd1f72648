using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Hosting;

/// <summary>Registers clients: by their keys, then the one that routes, which has to be the last.</summary>
internal static class ClientRegistration
{
    /// <param name="services">The services.</param>
    /// <param name="skills">The skills.</param>
    /// <param name="create">Makes a client.</param>
    public static void AddTo(IServiceCollection services, IReadOnlyList<SkillDefinition> skills, Func<IServiceProvider, ClientBinding, IChatClient> create)
    {
        foreach ((string key, ClientBinding binding) in ClientBinding.Of(skills))
        {
            services.AddKeyedSingleton(key, (provider, _) => create(provider, binding));
        }

        // Semantic Kernel takes the key that was registered last where a function names none.
        services.AddKeyedSingleton(ServiceCollectionExtensions.ServiceKey, (provider, _) => create(provider, ClientBinding.Routing));
        services.AddSingleton(provider => create(provider, ClientBinding.Routing));
    }
}
