using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Answers;
using SkPeft.Http.Hosting;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Admin;

/// <summary><c>/admin/modules/{name}/aliases/{alias}</c>: which version new requests get.</summary>
internal sealed class AliasEndpoints(ModelHost host)
{
    public static ParameterTable Promotion { get; } = new("PromotionRequest",
    [
        new("version", ParameterKind.Integer, "The version that the alias is to name.") { IsRequired = true },
    ]);

    public static ParameterTable NoParameters { get; } = new("EmptyRequest");

    public async Task PromoteAsync(HttpContext context)
    {
        using JsonDocument document = await JsonBody.ReadAsync(context);
        ObjectReader body = new(document.RootElement);
        _ = Promotion.Check(body);
        string version = body.Integer("version", 1, int.MaxValue)!.Value.ToString(CultureInfo.InvariantCulture);
        (string name, string alias) = Names(context);
        await WriteAsync(context, StoreConflict.Do(() => host.Served.Runtime.Store.Promote($"{name}@{version}", alias)));
    }

    public async Task RollbackAsync(HttpContext context)
    {
        // An empty object: a page of another site cannot send that type without being asked.
        using JsonDocument document = await JsonBody.ReadAsync(context);
        _ = NoParameters.Check(new ObjectReader(document.RootElement));
        (string name, string alias) = Names(context);
        await WriteAsync(context, StoreConflict.Do(() => host.Served.Runtime.Store.Rollback(name, alias)));
    }

    private static (string Name, string Alias) Names(HttpContext context) => (
        ModuleEndpoints.Refused(() => AdapterReference.CheckName((string)context.Request.RouteValues["name"]!)),
        ModuleEndpoints.Refused(() => AdapterReference.CheckAlias((string)context.Request.RouteValues["alias"]!)));

    private static Task WriteAsync(HttpContext context, AliasFlip flip) =>
        context.Response.WriteAsJsonAsync(new FlipBody(flip.Name, flip.Alias, flip.From, flip.To), JsonForm.Options, context.RequestAborted);
}
