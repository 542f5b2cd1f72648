using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary><c>serve</c> as a process: what it prints, how it ends, and that docs/http.md can be followed.</summary>
public sealed partial class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_PrintsOneLineWhenItIsReady_AndEndsWithZeroWhenItIsToldTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM is not sent on Windows.");
        using Process process = Start("serve", "--urls", "http://127.0.0.1:0", "--admin-urls", "http://127.0.0.1:0", "--threads", "1");
        string line = await process.StandardOutput.ReadLineAsync(Token) ?? await process.StandardError.ReadToEndAsync(Token);
        Match match = ReadyLine().Match(line);
        match.Success.ShouldBeTrue(line);

        using HttpClient client = new();
        foreach (string address in new[] { match.Groups["url"].Value, match.Groups["admin"].Value })
        {
            (await client.GetAsync($"{address}/ready", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0);
        (await process.StandardOutput.ReadToEndAsync(Token)).ShouldBeEmpty();
        (await process.StandardError.ReadToEndAsync(Token)).ShouldBe("skpeft: stopping; running requests finish. A second signal ends them.\n");
    }

    [Fact]
    public async Task Serve_WhatCannotBeServed_IsOneLineOnStderr()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string url = $"http://{taken.LocalEndPoint}";
        string settings = _folder.Write("settings.json", """{ "SkPeft": { "Model": "m", "Store": "s", "Modell": 1 } }""");
        string http = _folder.Write("http.json", """{ "SkPeftHttp": { "Port": 1 } }""");
        string section = _folder.Write("section.json", """{ "SkPeft": { "Store": "s" } }""");
        string keys = _folder.Write("keys.json", "{}");

        await ToolRun.FailsAsync(1, ["serve", "--urls", url], "SkPeftHttp:Urls", url, "--urls");
        await ToolRun.FailsAsync(1, ["serve", "--urls", "ftp://x"], "SkPeftHttp:Urls", "ftp");
        await ToolRun.FailsAsync(1, ["serve", "--admin-urls", "http://*:0"], "SkPeftHttp:AdminUrls", "KeyFile");
        await ToolRun.FailsAsync(1, ["serve", "--config", settings], "SkPeft:Modell");
        await ToolRun.FailsAsync(1, ["serve", "--config", http], "SkPeftHttp:Port");
        await ToolRun.FailsAsync(1, ["serve", "--config", section], "SkPeft:Model");
        await ToolRun.FailsAsync(1, ["serve", "--config", _folder.PathOf("none.json")], "none.json");
        await ToolRun.FailsAsync(1, ["serve", "--api-key-file", keys], "keys.json", "keys");
        await ToolRun.FailsAsync(1, ["serve", "nowhere.gguf", "--store", _folder.PathOf("store"), "--urls", "http://127.0.0.1:0"], "SkPeft:Model", "nowhere.gguf");
        await ToolRun.FailsAsync(2, ["serve", Connectors.Bundles.ModelBundle.ShippedFolder, "--config", section], "bundle");
        await ToolRun.FailsAsync(2, ["serve", "--threads", "0"], "--threads");
    }

    /// <summary>Runs every line of shell in docs/http.md, on ports of its own.</summary>
    [Fact]
    public async Task TheDocument_CanBeFollowedLineByLine()
    {
        string said = await FollowAsync(string.Concat(ShellOf("docs/http.md")));

        string[] expected =
        [
            "\"object\":\"list\"", "\"content\":\"positive\"", "data: [DONE]", "text_completion", "token_strs", "\"prompt\":", "\"draining\":false", "\"topic@2\"", "\"to\":2", "\"to\":1",
            "generation\":2", "skpeft_http_requests_total", "Success: LoRA adapter 'mine' removed",
        ];
        foreach (string word in expected)
        {
            said.ShouldContain(word, Case.Sensitive);
        }
    }

    [Fact]
    public async Task TheReadme_CanBeFollowed() =>
        (await FollowAsync(ShellOf("README.md").Single(b => b.Contains("skpeft serve", StringComparison.Ordinal)))).ShouldContain("\"model\":\"sentiment@1\"");

    private static IEnumerable<string> ShellOf(string document) =>
        ShellBlock().Matches(File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, document))).Select(m => m.Groups["lines"].Value);

    private async Task<string> FollowAsync(string lines)
    {
        foreach (string program in new[] { "bash", "curl", "openssl", "python3" })
        {
            Assert.SkipUnless(ExistsOnPath(program), $"{program} is not on the path: the document cannot be followed.");
        }

        foreach (string port in new[] { "8080", "8081", "8090" })
        {
            lines = lines.Replace($":{port}", $":{FreePort()}", StringComparison.Ordinal);
        }

        // The default port is an option here; files go into a folder of the test.
        string script = _folder.Write("followed.sh", $$"""
            set -euo pipefail
            trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
            skpeft() { case "$*" in *" --urls "*) exec "$SKPEFT" "$@";; *) exec "$SKPEFT" "$@" --urls "$SERVED";; esac; }
            {{lines.Replace("/tmp/topic.zip", _folder.PathOf("topic.zip"), StringComparison.Ordinal).Replace("keys.json", _folder.PathOf("keys.json"), StringComparison.Ordinal)}}
            """);
        ProcessStartInfo start = new("bash", [script]) { WorkingDirectory = SharedFolder.RepositoryRoot, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SKPEFT"] = Tool;
        start.Environment["SERVED"] = Regex.Match(lines, @"http://127\.0\.0\.1:\d+(?=/ready)").Value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token);
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);

        string said = await output;
        process.ExitCode.ShouldBe(0, $"{said}\n{await error}");
        said.ShouldNotContain("\"error\":{");
        return said;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Tool { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skpeft.exe" : "skpeft");

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo(Tool, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static bool ExistsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^skpeft serves skpeft-tiny\.gguf at (?<url>http://127\.0\.0\.1:\d+), admin at (?<admin>http://127\.0\.0\.1:\d+)$")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
