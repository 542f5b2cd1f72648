using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SkPeft.Http.Pipeline;

namespace SkPeft.Http.Page;

/// <summary>
/// The operator's page at <c>/</c> of the admin's address. Its files hold nothing secret and ask for no key: the page asks for one, and sends
/// it with every request for data.
/// </summary>
internal static class PageEndpoint
{
    // Nothing from elsewhere, nothing inline, no form, no frame: what a module's name or an answer says can only ever be text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach ((string path, PageFile file) in PageFiles.All)
        {
            // HEAD as well; and not in the OpenAPI document, which is for programs.
            app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context => WriteAsync(context, file)).WithMetadata(Door.Page);
        }
    }

    private static async Task WriteAsync(HttpContext context, PageFile file)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
        }
    }
}
