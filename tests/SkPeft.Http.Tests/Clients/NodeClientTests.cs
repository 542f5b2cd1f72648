using System.Diagnostics;
using SkPeft.Testing;

namespace SkPeft.Http.Tests.Clients;

/// <summary>The official JavaScript client against a real socket, where node and the package are there.</summary>
public sealed class NodeClientTests(SharedServer shared)
{
    private static readonly string s_folder = Path.Combine(SharedFolder.RepositoryRoot, "tests", "SkPeft.Http.Tests", "Clients", "node");

    [Fact]
    public async Task TheSameCalls_InJavaScript()
    {
        Assert.SkipUnless(IsThere("node"), "node is not on the path: the JavaScript client is not tried.");
        Assert.SkipUnless(Directory.Exists(Path.Combine(s_folder, "node_modules", "openai")), $"The package openai is not there: 'npm install' in {s_folder} fetches it.");
        ProcessStartInfo start = new("node", ["client.mjs", $"{shared.Server.Url}/v1"]) { WorkingDirectory = s_folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, await error);
        (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => l.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(7);
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
