using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace SkPeft.Bench.Loras;

/// <summary>The peer's server with LoRAs, as a process of its own; each request names one of them.</summary>
internal sealed class LlamaServer : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _client;

    private LlamaServer(Process process, HttpClient client) => (_process, _client) = (process, client);

    public static async Task<LlamaServer> StartAsync(string folder, string model, IReadOnlyList<string> loras, int threads, int slots, int context)
    {
        int port = FreePort();
        string[] arguments =
        [
            "-m", model, "--host", "127.0.0.1", "--port", $"{port}", "-t", $"{threads}", "-tb", $"{threads}", "-np", $"{slots}", "-c", $"{context}",
            .. loras.SelectMany(l => new[] { "--lora", l }), "--lora-init-without-apply",
        ];
        ProcessStartInfo start = new(Path.Combine(folder, "llama-server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        List<string> log = [];
        process.ErrorDataReceived += (_, line) => log.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(30) };
        long began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > s_patience)
            {
                throw new InvalidOperationException($"llama-server did not become ready: {string.Join(Environment.NewLine, log.TakeLast(10))}");
            }

            await Task.Delay(100);
        }

        return new LlamaServer(process, client);
    }

    /// <summary>Asks for one answer of exactly so many tokens through one LoRA.</summary>
    public async Task AskAsync(int[] prompt, int tokens, int lora)
    {
        object body = new { prompt, n_predict = tokens, ignore_eos = true, cache_prompt = false, temperature = 0, lora = new[] { new { id = lora, scale = 1.0 } } };
        using HttpResponseMessage response = await _client.PostAsJsonAsync("/completion", body);
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"llama-server answered {response.StatusCode}: {text}");
        }

        using JsonDocument answer = JsonDocument.Parse(text);
        int predicted = answer.RootElement.GetProperty("tokens_predicted").GetInt32();
        if (predicted != tokens)
        {
            throw new InvalidOperationException($"llama-server generated {predicted} tokens, asked for were {tokens}.");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
