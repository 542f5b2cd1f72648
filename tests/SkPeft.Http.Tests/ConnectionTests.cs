using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SkPeft.Http.Tests;

public sealed class ConnectionTests
{
    private const int Connections = 1000;
    private const int Streams = 32;

    /// <summary>A thousand open connections, and thirty-two streams among them: none is lost, and nothing is held behind them.</summary>
    [Fact]
    public async Task AThousandConnections_And32Streams_LoseNothing()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { RequestTimeoutSeconds = 3600 });
        Socket[] sockets = [.. Enumerable.Range(0, Connections).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];
        try
        {
            await Task.WhenAll(sockets.Select(s => s.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, Token).AsTask()));
            await Task.WhenAll(sockets.Select(AskHealthAsync));
            Reply[] replies = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => server.PostAsync("/v1/chat/completions",
                $$"""{ "model": "describe", "messages": [ { "role": "user", "content": "name[The Eagle], area[riverside]" } ], "stream": true, "temperature": 1, "seed": {{i}}, "max_tokens": 40 }""")));

            replies.ShouldAllBe(r => r.Status == HttpStatusCode.OK && r.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
            await Task.WhenAll(sockets.Select(AskHealthAsync));
        }
        finally
        {
            Array.ForEach(sockets, s => s.Dispose());
        }

        server.Drain.Running.ShouldBe(0);
        server.Served.Runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
        server.Log.Errors.ShouldBeEmpty();
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
