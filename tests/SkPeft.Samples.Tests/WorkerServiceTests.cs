using System.Diagnostics;
using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

public sealed class WorkerServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Inbox => _folder.PathOf("inbox");

    private string Outbox => _folder.PathOf("outbox");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_Once_LabelsWhatLiesThere_WithReceipts()
    {
        ShippedModel.Require();
        Put("good", "a warm , funny and beautifully acted film");
        Put("bad", "dull , predictable and far too long");
        Put("long", string.Concat(Enumerable.Repeat("a very long review ", 2000)));

        (int exit, _, string error) = await SampleProgram.RunAsync("WorkerService", [.. Arguments, "--Worker:Once", "true"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        Read("good").GetProperty("Label").GetString().ShouldBe("positive");
        JsonElement bad = Read("bad");
        bad.GetProperty("Label").GetString().ShouldBe("negative");
        bad.GetProperty("Adapter").GetString().ShouldBe("sentiment@1");
        bad.GetProperty("Digest").GetString()!.Length.ShouldBe(64);
        bad.GetProperty("Probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()).ShouldBe(1, 1e-9);
        Read("long").GetProperty("Error").GetString().ShouldBe("context-length");
        Directory.GetFiles(Inbox).ShouldBeEmpty();
        Directory.GetFiles(Outbox).Length.ShouldBe(6);
    }

    [Fact]
    public async Task Sample_Watching_LabelsWhatComes_AndEndsCleanlyOnSigterm()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Only Unix has SIGTERM.");
        ShippedModel.Require();
        using Process process = SampleProgram.Start("WorkerService", Arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
            foreach (string name in (string[])["one", "two"])
            {
                Directory.CreateDirectory(Inbox);
                Put(name, "a warm , funny film");
                while (!File.Exists(Path.Combine(Outbox, $"{name}.json")) && !process.HasExited)
                {
                    await Task.Delay(20, Token);
                }
            }

            process.HasExited.ShouldBeFalse(process.HasExited ? await error : "");
            using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Token);

            (await error).ShouldBeEmpty();
            process.ExitCode.ShouldBe(0);
            (await output).ShouldContain("two: positive, by sentiment@1 (SKPEFT_IAPT");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Fact]
    public async Task Sample_AModelThatIsNotThere_EndsWithTheReason()
    {
        Put("good", "fine");

        (int exit, _, string error) = await SampleProgram.RunAsync(
            "WorkerService", [.. Arguments, "--SkPeft:Model", _folder.PathOf("nowhere.gguf"), "--SkPeft:Store", _folder.PathOf("store")]);

        exit.ShouldBe(1);
        error.ShouldContain("SkPeft:Model: ");
        Directory.GetFiles(Inbox).ShouldHaveSingleItem();
    }

    private string[] Arguments => ["--Worker:Inbox", Inbox, "--Worker:Outbox", Outbox];

    private void Put(string name, string text)
    {
        // Whole at once: the worker looks all the time.
        Directory.CreateDirectory(Inbox);
        File.WriteAllText(_folder.PathOf($"{name}.part"), text);
        File.Move(_folder.PathOf($"{name}.part"), Path.Combine(Inbox, $"{name}.txt"));
    }

    private JsonElement Read(string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(Outbox, $"{name}.json")));
}
