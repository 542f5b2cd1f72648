using System.Diagnostics;
using System.Text.Json;

namespace SkPeft.Host.Tests;

/// <summary>The executable as a shell sees it.</summary>
public class ExecutableTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task Json_IsOneDocumentOnStdout()
    {
        (int code, string output, string error) = await RunAsync("generate", tiny.Model, "--prompt", "é", "--max-tokens", "3", "--adapter", tiny.Lora, "--json");

        (code, error).ShouldBe((0, ""));
        using var document = JsonDocument.Parse(output);
        document.RootElement.GetProperty("prompt_ids").GetRawText().ShouldBe("[195,169]");
        document.RootElement.GetProperty("receipt").GetProperty("method").GetString().ShouldBe("LORA");
    }

    [Theory]
    [InlineData(1, "inspect", "/no/such", "--json")]
    [InlineData(2, "inspect")]
    public async Task Errors_GoToStderr(int expected, params string[] args)
    {
        (int code, string output, string error) = await RunAsync(args);

        (code, output).ShouldBe((expected, ""));
        error.ShouldStartWith("skpeft: ");
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skpeft.exe" : "skpeft");
        ProcessStartInfo start = new(tool, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
