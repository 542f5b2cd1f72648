using System.Diagnostics;
using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>
/// What serving adds to a process, read from the system, against what the statistics say. A process of its own that was warmed up and has
/// collected its garbage, so that the runtime's own comings and goings are small beside it.
/// </summary>
public sealed class MemoryTests : IDisposable
{
    // Room for the largest step that was not touched yet, code that is compiled late: measured 0 MB to 4 MB.
    private const long Slack = 6_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatTheStatisticsSay_IsWhatTheProcessGrewBy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process's own memory is read from /proc.");
        string config = _folder.Write("prefix.json", """{ "num_virtual_tokens": 900 }""");
        string model = Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny", "skpeft-tiny.gguf");
        string tool = Path.Combine(AppContext.BaseDirectory, "skpeft");

        // Static prefixes fill pages without much computing; a LoRA's factors are packed beside the heap; prompts of 120 tokens make scratch.
        using Process process = Process.Start(new ProcessStartInfo(
            tool, ["bench", "memory", model, "--tenants", "60", "--methods", $"prefix={config},lora", "--prompt-tokens", "120", "--new-tokens", "2", "--json"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await error);

        JsonElement found = JsonDocument.Parse(output).RootElement;
        long grown = found.GetProperty("process_bytes").GetInt64(), said = found.GetProperty("said_bytes").GetInt64();
        new[] { "adapter_bytes", "key_value_bytes", "scratch_bytes" }.ShouldAllBe(part => found.GetProperty(part).GetInt64() > 3_000_000);
        said.ShouldBeInRange((long)(0.95 * grown) - Slack, (long)(1.05 * grown) + Slack, output);
        grown.ShouldBeGreaterThan(10 * Slack, "the slack would hide too much");
    }
}
