using System.Net;
using System.Net.Sockets;
using System.Text;
using SkPeft.Engine.Scheduling;

namespace SkPeft.Http.Tests;

public sealed class ConnectionTests
{
    private const string Path = "/v1/chat/completions";
    private const int Connections = 1000;
    private const int Streams = 32;
    private const int Rounds = 3;
    private const int Leaving = 8;

    /// <summary>A thousand open connections, and thirty-two streams among them, some of whose readers leave: none is lost, and nothing is held behind them.</summary>
    [Fact]
    public async Task AThousandConnections_And32Streams_LoseNothing()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { RequestTimeoutSeconds = 3600 });
        Socket[] sockets = [.. Enumerable.Range(0, Connections).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        try
        {
            await Task.WhenAll(sockets.Select(s => s.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, Token).AsTask()));
            await Task.WhenAll(sockets.Select(AskHealthAsync));
            for (int round = 0; round < Rounds; round++)
            {
                Task left = Task.WhenAll(Enumerable.Range(0, Leaving).Select(i => LeaveAsync(server, Body(i))));
                Reply[] replies = await Task.WhenAll(Enumerable.Range(Leaving, Streams - Leaving).Select(i => server.PostAsync(Path, Body(i))));
                await left;

                replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK && r.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
                await Task.WhenAll(sockets.Select(AskHealthAsync));
            }
        }
        finally
        {
            Array.ForEach(sockets, s => s.Dispose());
        }

        // The server may hear of a reader that left only with the next token.
        while (server.Drain.Running > 0 || server.Served.Runtime.Model.Engine.Statistics.Running > 0)
        {
            await Task.Delay(10, Token);
        }

        EngineStatistics engine = server.Served.Runtime.Model.Engine.Statistics;
        (engine.Waiting, engine.PagesInUse).ShouldBe((0, engine.CachedPages));
        server.Served.Runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
        server.Log.Errors.ShouldBeEmpty();
    }

    private static string Body(int seed) =>
        $$"""{ "model": "describe", "messages": [ { "role": "user", "content": "name[The Eagle], area[riverside]" } ], "stream": true, "temperature": 1, "seed": {{seed}}, "max_tokens": 40 }""";

    /// <summary>Goes away after the first bytes.</summary>
    private static async Task LeaveAsync(TestServer server, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using Stream stream = await response.Content.ReadAsStreamAsync(Token);
        (await stream.ReadAsync(new byte[64], Token)).ShouldBeGreaterThan(0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task AskHealthAsync(Socket socket)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"), Token);
        StringBuilder text = new();
        byte[] buffer = new byte[4096];

        // The body ends with an empty chunk; the connection stays.
        while (!text.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer, Token);
            read.ShouldBeGreaterThan(0, text.ToString());
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        text.ToString().ShouldStartWith("HTTP/1.1 200 OK");
    }
}
