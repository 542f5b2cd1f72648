using System.Diagnostics;
using System.Text.Json;

namespace SkPeft.Host.Tests;

/// <summary>A training process that is killed again and again, wherever it is, and resumed.</summary>
public sealed class KilledTrainingTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    private const int Steps = 40;

    [Fact]
    public async Task The_curve_and_the_adapter_are_those_of_a_run_that_nobody_killed()
    {
        string straight = tiny.New("out"), killed = tiny.New("out"), straightLog = tiny.New("log.jsonl"), log = tiny.New("log.jsonl");
        string[] command = Command();
        (await RunAsync([.. command, "--out", straight, "--log", straightLog], null, 0)).ShouldBe(0);

        // Killed when the log has so many lines: each time further on, at whatever the process does then.
        int deaths = 0;
        foreach (int lines in new[] { 1, 3, 4, 9, 17, 18, 30, 39 })
        {
            deaths += await RunAsync([.. command, "--out", killed, "--log", log, "--resume"], log, lines) == 0 ? 0 : 1;
        }

        (await RunAsync([.. command, "--out", killed, "--log", log, "--resume"], null, 0)).ShouldBe(0);

        deaths.ShouldBeGreaterThan(3);
        Curve(log).ShouldBe(Curve(straightLog));
        foreach (string file in new[] { "adapter_model.safetensors", "state.safetensors", "adapter_config.json", "run.jsonl" })
        {
            File.ReadAllBytes(Path.Combine(killed, file)).ShouldBe(File.ReadAllBytes(Path.Combine(straight, file)), file);
        }

        Directory.GetFiles(killed).Select(Path.GetFileName).Order().ShouldBe(["adapter_config.json", "adapter_model.safetensors", "curve.svg", "run.jsonl", "state.safetensors"]);
    }

    private string[] Command()
    {
        string data = string.Concat(Enumerable.Range(0, 30).Select(i => $"{{\"ids\": [{string.Join(',', Enumerable.Range(0, 6 + (i % 5)).Select(j => ((i * 7) + j) % 250))}], \"prompt_len\": 3}}\n"));
        string options = tiny.Write("options.json", $"{{\"checkpoint_every\": 1, \"order\": \"shuffle\", \"steps\": {Steps}, \"lr\": 0.01, \"batch\": 4, \"threads\": 2}}");
        return
        [
            "train", tiny.Model, "--method", "prompt-tuning", "--config", tiny.Write("config.json", "{\"num_virtual_tokens\": 4}"),
            "--data", tiny.Write("data.jsonl", data), "--options", options,
        ];
    }

    private static (int Step, double Loss, double Rate, int Tokens)[] Curve(string log) =>
    [
        .. File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(l => (l.GetProperty("step").GetInt32(), l.GetProperty("loss").GetDouble(), l.GetProperty("lr").GetDouble(), l.GetProperty("tokens").GetInt32())),
    ];

    // Runs the tool as a process of its own; kills it as soon as the log has so many lines.
    private static async Task<int> RunAsync(string[] arguments, string? log, int lines)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "skpeft")) { RedirectStandardError = true, RedirectStandardOutput = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation), output = process.StandardOutput.ReadToEndAsync(cancellation);
        while (log is not null && !process.HasExited)
        {
            if (CountLines(log) >= lines)
            {
                process.Kill(entireProcessTree: true);
                break;
            }

            await Task.Delay(1, cancellation);
        }

        await process.WaitForExitAsync(cancellation);
        await Task.WhenAll(error, output);
        if (log is null)
        {
            process.ExitCode.ShouldBe(0, await error);
        }

        return process.ExitCode;
    }

    private static int CountLines(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
