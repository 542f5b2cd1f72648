using System.Diagnostics;
using System.Text.Json;

namespace SkPeft.Bench;

/// <summary>The peer: one run of llama-bench as a process of its own.</summary>
internal sealed class LlamaBench(string folder, string model, int threads)
{
    /// <summary>Tokens a second; <paramref name="prompt"/> or <paramref name="generate"/> is 0.</summary>
    public async Task<double> RunAsync(int prompt, int generate)
    {
        using JsonDocument document = JsonDocument.Parse(await StartAsync("-m", model, "-p", $"{prompt}", "-n", $"{generate}", "-t", $"{threads}", "-r", "1", "-o", "json"));
        return document.RootElement[0].GetProperty("avg_ts").GetDouble();
    }

    /// <summary>Tokens a second behind a context of <paramref name="depth"/> tokens.</summary>
    public async Task<double> DeepAsync(int depth, int generate)
    {
        using JsonDocument document = JsonDocument.Parse(await StartAsync("-m", model, "-p", "0", "-n", $"{generate}", "-d", $"{depth}", "-t", $"{threads}", "-r", "1", "-o", "json"));
        return document.RootElement[0].GetProperty("avg_ts").GetDouble();
    }

    /// <summary>Tokens a second of several texts that are generated together (llama-batched-bench).</summary>
    public async Task<double> BatchAsync(int batch, int prompt, int generate)
    {
        string output = await StartAsync(
            "llama-batched-bench", "-m", model, "-c", $"{batch * (prompt + generate + 16)}", "-npp", $"{prompt}", "-ntg", $"{generate}", "-npl", $"{batch}", "-t", $"{threads}", "-tb", $"{threads}", "--output-format", "jsonl");
        string line = output.Split('\n').Last(l => l.StartsWith('{'));
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("speed_tg").GetDouble();
    }

    /// <summary>Its build, as it names it.</summary>
    public async Task<string> VersionAsync()
    {
        using JsonDocument document = JsonDocument.Parse(await StartAsync("-m", model, "-p", "1", "-n", "0", "-t", $"{threads}", "-r", "1", "-o", "json"));
        JsonElement run = document.RootElement[0];
        return $"{run.GetProperty("build_commit").GetString()} (build {run.GetProperty("build_number").GetInt32()})";
    }

    private Task<string> StartAsync(params string[] arguments) => StartAsync(arguments[0].StartsWith('-') ? "llama-bench" : arguments[0], arguments[0].StartsWith('-') ? arguments : arguments[1..]);

    private async Task<string> StartAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(folder, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }
}
