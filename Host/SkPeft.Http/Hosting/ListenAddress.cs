using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SkPeft.Http.Hosting;

/// <summary>An address to listen on.</summary>
/// <param name="EndPoint">IP address and port; null for a socket file.</param>
/// <param name="SocketFile">The socket file's path, or null.</param>
internal sealed record ListenAddress(IPEndPoint? EndPoint, string? SocketFile)
{
    /// <summary>Whether only this machine itself can reach it.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Null where it cannot be used; <paramref name="problem"/> says why.</summary>
    public static ListenAddress? TryParse(string url, out string? problem)
    {
        problem = "is not an address, expected http://HOST:PORT with an IP address, localhost or *, or http://unix:/PATH.";
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }

        if (address.Scheme != "http")
        {
            problem = $"has the scheme '{address.Scheme}', expected http: TLS ends in front of this server (nginx, Caddy, an ingress).";
            return null;
        }

        if (address.IsUnixPipe)
        {
            return new ListenAddress(null, address.UnixPipePath);
        }

        if (address.PathBase.Length > 0 || address.Port is < 0 or > ushort.MaxValue)
        {
            return null;
        }

        IPAddress? ip = address.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.IPv6Any,
            _ => IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? parsed) ? parsed : null,
        };
        return ip is null ? null : new ListenAddress(new IPEndPoint(ip, address.Port), null);
    }

    /// <summary>Lets the server listen here.</summary>
    /// <param name="kestrel">The server's options.</param>
    /// <param name="listener">What its connections are marked with.</param>
    /// <returns>What tells the port once it listens.</returns>
    public ListenOptions Listen(KestrelServerOptions kestrel, Listener listener)
    {
        ListenOptions? chosen = null;
        void Configure(ListenOptions options)
        {
            chosen = options;
            options.Use(next => connection =>
            {
                connection.Features.Set(listener);
                return next(connection);
            });
        }

        if (SocketFile is not null)
        {
            kestrel.ListenUnixSocket(SocketFile, Configure);
        }
        else if (EndPoint!.Address.Equals(IPAddress.IPv6Any))
        {
            // Both families, or the older one alone where the system has no IPv6 (many containers).
            kestrel.ListenAnyIP(EndPoint.Port, Configure);
        }
        else
        {
            kestrel.Listen(EndPoint, Configure);
        }

        return chosen!;
    }
}

/// <summary>Which of the two doors a connection came through.</summary>
/// <param name="IsAdmin">Whether it is the admin's.</param>
/// <param name="IsLocal">Whether only this machine itself can reach it.</param>
internal sealed record Listener(bool IsAdmin, bool IsLocal);
