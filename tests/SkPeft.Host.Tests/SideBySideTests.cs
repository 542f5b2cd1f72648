using System.Diagnostics;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>
/// Two processes, each with a worker on every core: workers that kept their cores while they wait would hold up the other's. Nothing is timed; who is
/// held up for good never ends.
/// </summary>
public sealed class SideBySideTests
{
    private static readonly string[] s_questions =
    [
        "name[The Eagle], eatType[coffee shop], food[French], area[riverside]",
        "name[The Mill], eatType[restaurant], food[Indian], priceRange[cheap], near[The Sorrento]",
        "name[The Punter], eatType[pub], food[Italian], customer rating[5 out of 5]",
        "name[Green Man], eatType[restaurant], food[Japanese], familyFriendly[yes]",
        "name[Strada], eatType[pub], food[English], priceRange[moderate], area[city centre]",
        "name[The Vaults], eatType[restaurant], food[Fast food], familyFriendly[no]",
    ];

    [Fact]
    public async Task TwoProcesses_WithAWorkerOnEveryCore_AnswerAtOnce_AsOneAlone()
    {
        Assert.SkipUnless(Directory.EnumerateFiles(Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny"), "*.gguf").Any(), "models/skpeft-tiny has no model: models/skpeft-tiny/recipe/make.sh makes it.");
        string[] alone;
        using (Chat chat = new())
        {
            alone = [.. await chat.AskAsync(s_questions[..1]), .. await chat.AskAsync(s_questions[1..])];
            await chat.EndAsync();
        }

        using Chat first = new(), second = new();

        // Both have answered once before either goes on, so that both engines are up and their workers wait for work while the other's have some.
        string[][] begun = await Task.WhenAll(first.AskAsync(s_questions[..1]), second.AskAsync(s_questions[..1]));
        string[][] rest = await Task.WhenAll(first.AskAsync(s_questions[1..]), second.AskAsync(s_questions[1..]));
        await Task.WhenAll(first.EndAsync(), second.EndAsync());

        alone.Distinct().Count().ShouldBe(s_questions.Length, "each question has an answer of its own");
        alone[0].ShouldContain("The Eagle");
        foreach (int i in (int[])[0, 1])
        {
            string[] answers = [.. begun[i], .. rest[i]];
            answers.ShouldBe(alone);
        }
    }

    /// <summary>A process that talks to the shipped model's skill <c>describe</c>.</summary>
    private sealed class Chat : IDisposable
    {
        private readonly Process _process;

        public Chat()
        {
            string tool = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "skpeft.exe" : "skpeft");
            _process = Process.Start(new ProcessStartInfo(tool, ["chat", "--threads", $"{Environment.ProcessorCount}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            _process.StandardInput.WriteLine("/skill describe");
        }

        /// <summary>Asks all of them at once; gives the answers.</summary>
        public async Task<string[]> AskAsync(string[] questions)
        {
            await _process.StandardInput.WriteLineAsync(string.Join('\n', questions));
            await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            List<string> answers = [];
            string before = "";
            while (answers.Count < questions.Length)
            {
                string line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"It ended after {answers.Count} answers: {before}");
                if (line.StartsWith("answered by describe@1", StringComparison.Ordinal))
                {
                    answers.Add(before);
                }

                before = line;
            }

            return [.. answers];
        }

        public async Task EndAsync()
        {
            await _process.StandardInput.WriteLineAsync("/exit");
            _process.StandardInput.Close();
            await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            _process.ExitCode.ShouldBe(0);
        }

        // Where the test failed half-way it would wait for questions for ever.
        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }
    }
}
