using System.Diagnostics;
using SkPeft.Testing;

namespace SkPeft.SemanticKernel.Tests;

/// <summary>The samples, run as their readers do.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task SkillRouting_ThreeFunctionsOfOnePlugin_AnswerThroughThreeMethods_AndAreSwapped()
    {
        string output = await RunAsync("KernelSkillRouting");

        output.ShouldMatch(@"Desk\.sentiment: (positive|negative)\n  by sentiment@1 \(SKPEFT_IAPT");
        output.ShouldMatch(@"Desk\.family: (yes|no)\n  by family@1 \(PROMPT_TUNING");
        output.ShouldMatch(@"Desk\.describe:  The Eagle .*\n  by describe@1 \(LORA");
        output.ShouldMatch(@"IsForFamilies, .*\n  by family@1 ");
        output.ShouldContain("by sentiment@2 (LORA");
        output.LastIndexOf("by sentiment@1 (", StringComparison.Ordinal).ShouldBeGreaterThan(output.IndexOf("by sentiment@2 (", StringComparison.Ordinal));
        output.ShouldMatch(@"meanwhile: [1-9]\d* other answers");
    }

    [Fact]
    public async Task ToolCalling_FunctionsAreCalled_AndAPromptFunctionAnswersThroughItsOwnModule()
    {
        string output = await RunAsync("KernelToolCalling");

        output.ShouldMatch(@"calls Lights_Switch\(room: (Kitchen|Hall), on: (True|False)\)\nresult: the light in the (Kitchen|Hall) is o");
        output.ShouldMatch(@"calls Reviews_Sentiment\(.*\)\nresult: (positive|negative)\n  by sentiment@1 \(SKPEFT_IAPT");
        output.ShouldContain("asked of base");
    }

    private static async Task<string> RunAsync(string name)
    {
        Assert.SkipUnless(Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny"), "*.gguf").Any(),
            "models/skpeft-tiny has no model: models/skpeft-tiny/recipe/make.sh makes it.");
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(SharedFolder.RepositoryRoot, "artifacts", "bin", name, configuration, $"{name}.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            (await error).ShouldBeEmpty();
            process.ExitCode.ShouldBe(0);
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
