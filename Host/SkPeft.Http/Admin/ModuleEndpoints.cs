using Microsoft.AspNetCore.Http;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Admin;

/// <summary><c>/admin/modules</c>: what the store has.</summary>
internal sealed class ModuleEndpoints(ModelHost host)
{
    private IAdapterStore Store => host.Served.Runtime.Store;

    public Task ListAsync(HttpContext context) =>
        WriteAsync(context, new VersionList([.. Store.List().Select(l => VersionBody.Of(l.Version, l.Aliases))]));

    public Task ShowAsync(HttpContext context)
    {
        AdapterDetails details = Refused(() => Store.Show(Reference(context)));
        return WriteAsync(context, new VersionDetails(VersionBody.Of(details.Version, [.. details.Aliases.Select(a => a.Alias)]), details.Aliases, details.Files));
    }

    public Task RemoveAsync(HttpContext context)
    {
        string reference = Reference(context);
        if (!Refused(() => AdapterReference.Parse(reference)).Number.HasValue)
        {
            throw ApiException.BadRequest("reference", $"'{reference}' names no exact version, expected name@number: what an alias names changes.");
        }

        return WriteAsync(context, VersionBody.Of(StoreConflict.Do(() => Store.Remove(reference)), []));
    }

    public static string Reference(HttpContext context) => (string)context.Request.RouteValues["reference"]!;

    /// <summary>An illegal name is the caller's mistake.</summary>
    public static T Refused<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (StoreException e)
        {
            throw ApiException.BadRequest("reference", e.Message, e.Kind, e);
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T body) => context.Response.WriteAsJsonAsync(body, JsonForm.Options, context.RequestAborted);
}
