using System.Net;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;

namespace SkPeft.Http.Pipeline;

/// <summary>
/// Keeps pages of other sites, open in the operator's browser, out of the admin's door: they come with their own Origin, or under a name of
/// their own that was made to lead to this machine.
/// </summary>
internal static class AdminGuard
{
    public static void Check(HttpContext context, KeyRing keys, Listener listener)
    {
        HostString host = context.Request.Host;
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origin.Equals($"http://{host.Value}", StringComparison.OrdinalIgnoreCase) && !origin.Equals($"https://{host.Value}", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Forbidden($"Origin: '{origin}' is not this server. The admin's door answers its own pages only.", "wrong_origin");
        }

        bool isOwnName = host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        if (!keys.IsLocked && listener.IsLocal && !isOwnName)
        {
            throw ApiException.Forbidden($"Host: '{host.Value}' is not a name of this machine itself, expected localhost or 127.0.0.1; or give the server a KeyFile.", "wrong_host");
        }
    }
}
