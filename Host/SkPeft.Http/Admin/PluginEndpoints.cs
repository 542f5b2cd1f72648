using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.Requests;
using SkPeft.Plugins;

namespace SkPeft.Http.Admin;

/// <summary><c>/admin/plugins</c>: states, load errors, and loading again.</summary>
internal sealed class PluginEndpoints(ModelHost host)
{
    public Task ListAsync(HttpContext context) => WriteAsync(context, new PluginList(host.Served.Runtime.Plugins.List()));

    public async Task RefreshAsync(HttpContext context)
    {
        await RequireNothingAsync(context);
        PluginCatalog plugins = host.Served.Runtime.Plugins;
        await Task.Run(plugins.Refresh, context.RequestAborted);
        await WriteAsync(context, new PluginList(plugins.List()));
    }

    public async Task ReloadAsync(HttpContext context)
    {
        await RequireNothingAsync(context);
        PluginCatalog plugins = host.Served.Runtime.Plugins;
        string name = (string)context.Request.RouteValues["name"]!;
        if (plugins.List().All(p => p.Name != name))
        {
            throw ApiException.NotFound($"There is no plugin '{name}'. GET /admin/plugins lists them.", "plugin_not_found");
        }

        try
        {
            await WriteAsync(context, await Task.Run(() => plugins.Reload(name), context.RequestAborted));
        }
        catch (PluginLoadException e)
        {
            throw ApiException.Conflict(e.Message, e.Kind, e);
        }
    }

    private static async Task RequireNothingAsync(HttpContext context)
    {
        using JsonDocument document = await JsonBody.ReadAsync(context);
        _ = AliasEndpoints.NoParameters.Check(new ObjectReader(document.RootElement));
    }

    private static Task WriteAsync<T>(HttpContext context, T body) => context.Response.WriteAsJsonAsync(body, JsonForm.Options, context.RequestAborted);
}
