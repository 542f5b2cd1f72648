using System.Text;
using System.Text.Json;
using SkPeft.Host.Output;

namespace SkPeft.Host.Tests;

/// <summary>One command line, run in this process.</summary>
internal sealed record ToolRun(int Code, string Out, string Error)
{
    /// <summary>The one document on stdout; fails where anything else is there.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<ToolRun> OfAsync(params string[] args) => TalkAsync("", args);

    public static async Task<ToolRun> TalkAsync(string input, params string[] args)
    {
        using MemoryStream output = new();
        using StringWriter error = new();
        using StringReader reader = new(input);
        using ToolConsole console = ToolConsole.Of(output, error, reader);
        int code = await Tool.RunAsync(args, console, TestContext.Current.CancellationToken);
        return new ToolRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public static async Task<JsonElement> JsonOfAsync(params string[] args)
    {
        ToolRun run = await OfAsync([.. args, "--json"]);
        run.Code.ShouldBe(0, run.Error);
        return run.Json;
    }

    /// <summary>Runs what must fail: nothing on stdout, one line on stderr that has all of these words.</summary>
    public static async Task FailsAsync(int code, string[] args, params string[] words)
    {
        ToolRun run = await OfAsync(args);
        run.Code.ShouldBe(code, run.Error);
        run.Out.ShouldBeEmpty();
        foreach (string word in words)
        {
            run.Error.ShouldContain(word);
        }

        run.Error.ShouldNotContain("   at ");
    }
}
