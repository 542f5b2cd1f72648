using System.Diagnostics;
using SkPeft.Adapters.Store.Killable;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>A real process that runs commands on a store, and that can be killed.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private StoreProcess(Process process) => _process = process;

    /// <param name="store">The store's folder.</param>
    /// <param name="dieAtStep">The step on the disk at which it kills itself; 0 for never.</param>
    /// <param name="prepare">Shell commands to run first as root of namespaces of its own (mounts); null for none.</param>
    public static StoreProcess Start(string store, int dieAtStep = 0, string? prepare = null)
    {
        string program = $"exec dotnet '{typeof(StoreCommand).Assembly.Location}' '{store}' {(dieAtStep > 0 ? dieAtStep : "")}";
        var start = new ProcessStartInfo(prepare is null ? "sh" : "unshare")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = prepare is null ? ["-c", program] : ["-rm", "sh", "-c", $"{prepare} && {program}"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        return new StoreProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it runs.</summary>
    public async Task Ready() => (await ReadLine()).ShouldBe("ready", await ErrorIfDead());

    /// <summary>False where this machine does not let users mount in namespaces of their own.</summary>
    public static bool CanMount
    {
        get
        {
            try
            {
                using var probe = Process.Start(new ProcessStartInfo("unshare", "-rm mount -t tmpfs tmpfs /mnt") { RedirectStandardError = true })!;
                probe.WaitForExit();
                return probe.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Gives it commands without waiting for the answers.</summary>
    public async Task Send(IEnumerable<string> commands)
    {
        try
        {
            await _process.StandardInput.WriteAsync(string.Concat(commands.Select(c => c + "\n")));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It died before it read all of them, as it may.
        }
    }

    /// <summary>Gives it one command and waits for the answer; null where it died first.</summary>
    public async Task<string?> Run(string command)
    {
        await Send([command]);
        return await ReadLine();
    }

    public async Task<string?> ReadLine() => await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience);

    /// <summary>SIGKILL, then the answers that it still gave.</summary>
    public async Task<List<string>> Kill()
    {
        _process.Kill();
        return await Rest();
    }

    /// <summary>Waits until it has ended; the whole lines that were not read yet.</summary>
    public async Task<List<string>> Rest()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await _process.WaitForExitAsync().WaitAsync(s_patience);

        // A line without its end was not said.
        return [.. rest.Split('\n').SkipLast(1)];
    }

    public void CloseInput() => _process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> ErrorIfDead()
    {
        await Task.Delay(50);
        return _process.HasExited ? await _process.StandardError.ReadToEndAsync() : "";
    }
}
