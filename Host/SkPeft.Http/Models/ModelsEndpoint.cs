using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Routing;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;

namespace SkPeft.Http.Models;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>: what the caller may ask.</summary>
internal sealed class ModelsEndpoint(ModelHost host)
{
    public Task ListAsync(HttpContext context)
    {
        ServedRuntime served = host.Served;
        ApiKey key = context.Caller();
        ModelCard[] cards = [.. new ModelCards(served).All().Where(c => key.May(NamesOf(c)))];
        return context.Response.WriteAsJsonAsync(new ModelList("list", cards), JsonForm.Options, context.RequestAborted);
    }

    public Task ShowAsync(HttpContext context)
    {
        ServedRuntime served = host.Served;
        ServedModel model = served.Names.Find((string)context.Request.RouteValues["id"]!);
        context.Caller().RequireModel(model);
        return context.Response.WriteAsJsonAsync(new ModelCards(served).Of(model), JsonForm.Options, context.RequestAborted);
    }

    // A key names skills and modules, and the base by either of its names.
    private static string[] NamesOf(ModelCard card) => card.Parent is null ? [card.Id, SkillRouter.Base] : [card.Id, card.Id.Split('@')[0]];
}
