using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SkPeft.Http.Admin;
using SkPeft.Http.Chat;
using SkPeft.Http.Completions;
using SkPeft.Http.Lora;
using SkPeft.Http.Metrics;
using SkPeft.Http.Models;
using SkPeft.Http.Page;
using SkPeft.Http.Pipeline;
using SkPeft.Http.Requests;
using SkPeft.Http.Runs;
using SkPeft.Http.Stats;
using SkPeft.Http.Tokens;

namespace SkPeft.Http.Hosting;

/// <summary>Every path of the server, in one place.</summary>
internal static class Endpoints
{
    public static void AddTo(IServiceCollection services)
    {
        Type[] endpoints =
        [
            typeof(ChatEndpoint), typeof(CompletionEndpoint), typeof(ModelsEndpoint), typeof(TokenizeEndpoint), typeof(LoraEndpoint), typeof(ProbeEndpoints),
            typeof(MetricsEndpoint), typeof(StatusEndpoint), typeof(ModuleEndpoints), typeof(UploadEndpoint), typeof(AliasEndpoints), typeof(SkillEndpoints), typeof(PluginEndpoints),
            typeof(StatsEndpoint), typeof(RunEndpoints),
        ];
        foreach (Type endpoint in endpoints)
        {
            services.AddSingleton(endpoint);
        }
    }

    public static void Map(WebApplication app)
    {
        IServiceProvider services = app.Services;
        T Of<T>()
            where T : class => services.GetRequiredService<T>();

        Post(app, "/v1/chat/completions", Of<ChatEndpoint>().HandleAsync, Door.Work, ChatParameters.Table, "Answers a conversation.").Produces<ChatCompletion>();
        Post(app, "/v1/completions", Of<CompletionEndpoint>().HandleAsync, Door.Work, CompletionParameters.Table, "Continues a text as it is.").Produces<TextCompletion>();
        Get(app, "/v1/models", Of<ModelsEndpoint>().ListAsync, Door.Work, "Lists the base model, skills and modules.").Produces<ModelList>();
        Get(app, "/v1/models/{id}", Of<ModelsEndpoint>().ShowAsync, Door.Work, "Shows what a model's name leads to.").Produces<ModelCard>();
        Post(app, "/tokenize", Of<TokenizeEndpoint>().TokenizeAsync, Door.Work, TokenParameters.Tokenize, "Text or messages to token ids.").Produces<TokenizeResponse>();
        Post(app, "/detokenize", Of<TokenizeEndpoint>().DetokenizeAsync, Door.Work, TokenParameters.Detokenize, "Token ids to text.").Produces<DetokenizeResponse>();
        Post(app, "/v1/load_lora_adapter", Of<LoraEndpoint>().LoadAsync, Door.Work, LoraParameters.Load, "Adds a module from a folder of the server; off unless LoraFolders is set.");
        Post(app, "/v1/unload_lora_adapter", Of<LoraEndpoint>().UnloadAsync, Door.Work, LoraParameters.Unload, "Takes a module away; off unless LoraFolders is set.");
        Get(app, "/health", ProbeEndpoints.HealthAsync, Door.Open, "200 while the process lives.").Produces<ProbeBody>();
        Get(app, "/ready", Of<ProbeEndpoints>().ReadyAsync, Door.Open, "200 once a first token was produced, until the server stops.").Produces<ProbeBody>();
        Get(app, "/metrics", Of<MetricsEndpoint>().HandleAsync, Door.Locked, "Numbers for Prometheus.");
        MapAdmin(app, services);
        PageEndpoint.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(Door.Open);

        // Where vLLM and FastAPI have it.
        app.MapOpenApi("/openapi.json").WithMetadata(Door.Open);
    }

    private static void MapAdmin(WebApplication app, IServiceProvider services)
    {
        ModuleEndpoints modules = services.GetRequiredService<ModuleEndpoints>();
        AliasEndpoints aliases = services.GetRequiredService<AliasEndpoints>();
        PluginEndpoints plugins = services.GetRequiredService<PluginEndpoints>();
        Get(app, "/admin/status", services.GetRequiredService<StatusEndpoint>().HandleAsync, Door.Admin, "How the server is.").Produces<StatusBody>();
        Get(app, "/admin/stats", services.GetRequiredService<StatsEndpoint>().HandleAsync, Door.Admin, "What the server does now, and has done for five minutes.").Produces<StatsBody>();
        Get(app, "/admin/runs", services.GetRequiredService<RunEndpoints>().ListAsync, Door.Admin, "The training runs beneath RunFolders.").Produces<RunList>();
        Get(app, "/admin/runs/{id}", services.GetRequiredService<RunEndpoints>().ShowAsync, Door.Admin, "One training run with its curves.").Produces<RunCurves>();
        Get(app, "/admin/modules", modules.ListAsync, Door.Admin, "All versions and their aliases.").Produces<VersionList>();
        Get(app, "/admin/modules/{reference}", modules.ShowAsync, Door.Admin, "One version: files, aliases and where they have been.").Produces<VersionDetails>();
        Delete(app, "/admin/modules/{reference}", modules.RemoveAsync, "Takes a version (name@number) away; its number is never given again.").Produces<VersionBody>();
        Map(app, HttpMethods.Post, "/admin/modules/{name}", services.GetRequiredService<UploadEndpoint>().HandleAsync, Door.Admin).WithMetadata(UploadEndpoint.Body)
            .WithSummary("Adds a version: a zip of a folder as HF PEFT saves it.").Produces<UploadResult>(StatusCodes.Status201Created);
        Map(app, HttpMethods.Put, "/admin/modules/{name}/aliases/{alias}", aliases.PromoteAsync, Door.Admin).WithMetadata(AliasEndpoints.Promotion)
            .WithSummary("Lets an alias name a version.").Produces<FlipBody>();
        Post(app, "/admin/modules/{name}/aliases/{alias}/rollback", aliases.RollbackAsync, Door.Admin, AliasEndpoints.NoParameters, "Lets an alias name what it named before.").Produces<FlipBody>();
        Get(app, "/admin/skills", services.GetRequiredService<SkillEndpoints>().ListAsync, Door.Admin, "The skills, and what answers for them.").Produces<SkillList>();
        Get(app, "/admin/plugins", plugins.ListAsync, Door.Admin, "The plugins with their states and load errors.").Produces<PluginList>();
        Post(app, "/admin/plugins/refresh", plugins.RefreshAsync, Door.Admin, AliasEndpoints.NoParameters, "Looks at the plugin folders now.").Produces<PluginList>();
        Post(app, "/admin/plugins/{name}/reload", plugins.ReloadAsync, Door.Admin, AliasEndpoints.NoParameters, "Loads a plugin again.").Produces<PluginIdentity>();
    }

    private static IEndpointConventionBuilder Post(IEndpointRouteBuilder app, string path, RequestDelegate handle, Door door, ParameterTable parameters, string summary) =>
        Map(app, HttpMethods.Post, path, handle, door).WithMetadata(parameters).WithSummary(summary);

    private static IEndpointConventionBuilder Get(IEndpointRouteBuilder app, string path, RequestDelegate handle, Door door, string summary) =>
        Map(app, HttpMethods.Get, path, handle, door).WithSummary(summary);

    private static IEndpointConventionBuilder Delete(IEndpointRouteBuilder app, string path, RequestDelegate handle, string summary) =>
        Map(app, HttpMethods.Delete, path, handle, Door.Admin).WithSummary(summary);

    // Only endpoints with a method get into the OpenAPI document.
    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, string method, string path, RequestDelegate handle, Door door) =>
        app.MapMethods(path, [method], handle).WithMetadata(door, handle.Method);

    private static IEndpointConventionBuilder Produces<T>(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]));
}
