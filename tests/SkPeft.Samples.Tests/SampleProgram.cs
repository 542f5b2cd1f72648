using System.Diagnostics;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

/// <summary>Runs a sample as its reader does: as a program of its own.</summary>
internal static class SampleProgram
{
    public static async Task<(int Exit, string Output, string Error)> RunAsync(string name, IEnumerable<string> arguments)
    {
        using Process process = Start(name, arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Starts it, for tests that talk to it while it runs.</summary>
    public static Process Start(string name, IEnumerable<string> arguments)
    {
        // Of the same configuration as this test: …/artifacts/bin/<project>/<configuration>.
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(SharedFolder.RepositoryRoot, "artifacts", "bin", name, configuration, $"{name}.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
