namespace SkPeft.Plugins.Tests;

public class WatcherTests
{
    private const string Shout = PluginSandbox.Shout;
    private static readonly TimeSpan s_debounce = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);

    /// <summary>Longer than it takes to notice a change by polling, and to let it settle.</summary>
    private static readonly TimeSpan s_enough = s_poll + (3 * s_debounce);
    private readonly ManualTimeProvider _clock = new();
    private readonly EventLog _log = new();

    [Fact]
    public void ChangedPlugin_IsLoadedWhenItHasSettled()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox);
        sandbox.Put("TestPlugin.Shout.V2");
        Using.Shout(catalog).ShouldBe("one");
        _clock.Advance(s_enough);

        Using.Shout(catalog).ShouldBe("two");
        _log.Of(PluginEventKind.Reloaded).Count.ShouldBe(1);
    }

    [Fact]
    public void NothingChanged_NothingIsLoaded_HoweverLongItWatches()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox);
        _clock.Advance(TimeSpan.FromMinutes(5));
        File.SetLastWriteTimeUtc(sandbox.MainOf(Shout), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _clock.Advance(s_enough);

        _log.All.Count.ShouldBe(1);
        catalog.Current("SHOUT")!.Generation.ShouldBe(1);
    }

    [Fact]
    public void ManyRapidWrites_AreOneReload()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox, poll: TimeSpan.FromMilliseconds(100));
        for (int i = 0; i < 20; i++)
        {
            sandbox.Put(i % 2 == 0 ? "TestPlugin.Shout.V2" : "TestPlugin.Shout.V1");
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        sandbox.Put("TestPlugin.Shout.V2");
        _log.Of(PluginEventKind.Reloaded).ShouldBeEmpty();
        _clock.Advance(s_enough);
        _log.Of(PluginEventKind.Reloaded).Count.ShouldBe(1);
        Using.Shout(catalog).ShouldBe("two");
    }

    [Fact]
    public void FileThatGrowsSlowly_IsNotLoadedBeforeItIsWhole()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox, poll: TimeSpan.FromMilliseconds(100));
        byte[] whole = TestPlugins.BytesOf("TestPlugin.Shout.V2");
        using (FileStream growing = new(main, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            for (int at = 0; at < whole.Length; at += 500)
            {
                growing.Write(whole.AsSpan(at, Math.Min(500, whole.Length - at)));
                growing.Flush();
                _clock.Advance(TimeSpan.FromMilliseconds(200));
            }
        }

        _clock.Advance(s_enough);
        _log.Of(PluginEventKind.Refused).ShouldBeEmpty();
        _log.Of(PluginEventKind.Reloaded).Count.ShouldBe(1);
        Using.Shout(catalog).ShouldBe("two");
    }

    [Fact]
    public void CopyThatStalls_IsRefusedAsTruncated_AndLoadedWhenItGoesOn()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox);
        byte[] whole = TestPlugins.BytesOf("TestPlugin.Shout.V2");
        File.WriteAllBytes(main, whole[..3000]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Single(PluginEventKind.Refused).Message.ShouldContain("truncated");
        Using.Shout(catalog).ShouldBe("one");

        File.WriteAllBytes(main, whole);
        _clock.Advance(s_enough);
        Using.Shout(catalog).ShouldBe("two");
    }

    [Fact]
    public void TemporaryFiles_AreIgnored()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox);
        string[] temporary =
        [
            main + ".tmp", main + "~", main + ".swp",
            Path.Combine(sandbox.FolderOf(Shout), ".#hidden.dll"), Path.Combine(sandbox.Root, ".staging", "x.dll"),
        ];
        foreach (string name in temporary)
        {
            PluginSandbox.Write(name, [1, 2, 3]);
        }

        _clock.Advance(s_enough);
        _log.All.Count.ShouldBe(1);
    }

    [Fact]
    public void EditorStyleReplacement_RenameAwayAndBack_IsAReloadAndNotAWithdrawal()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = Watch(sandbox, poll: TimeSpan.FromMilliseconds(100));
        File.Move(main, main + ".bak");
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        PluginSandbox.Write(main, TestPlugins.BytesOf("TestPlugin.Shout.V2"));
        _clock.Advance(s_enough);

        _log.Of(PluginEventKind.Withdrawn).ShouldBeEmpty();
        Using.Shout(catalog).ShouldBe("two");
    }

    [Fact]
    public void PluginThatAppears_IsLoaded_AndOneThatGoes_IsWithdrawn()
    {
        using PluginSandbox sandbox = new();
        using PluginCatalog catalog = Watch(sandbox);
        sandbox.Put("TestPlugin.Shout.V1");
        _clock.Advance(s_enough);
        Using.Shout(catalog).ShouldBe("one");

        Directory.Delete(sandbox.FolderOf(Shout), recursive: true);
        _clock.Advance(s_enough);
        Should.Throw<MethodNotFoundException>(() => catalog.Acquire("SHOUT"));
        _log.Single(PluginEventKind.Withdrawn);
    }

    [Fact]
    public void FolderThatAppearsLater_IsNoticed()
    {
        using PluginSandbox sandbox = new();
        string later = Path.Combine(sandbox.Root, "a", "b");
        using PluginCatalog catalog = PluginCatalog.Open(Options(sandbox) with { Folders = [later] }, _log.Sink, _clock);
        _log.Single(PluginEventKind.Warning).Message.ShouldContain(later);
        PluginSandbox.Write(Path.Combine(later, Shout, Shout + ".dll"), TestPlugins.BytesOf("TestPlugin.Shout.V1"));
        _clock.Advance(s_enough);

        Using.Shout(catalog).ShouldBe("one");
    }

    [Fact]
    public void LinkThatIsSwitchedToAnotherVersion_IsNoticed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using PluginSandbox versions = new();
        string first = versions.Put("TestPlugin.Shout.V1");
        PluginSandbox.Write(versions.MainOf("second"), TestPlugins.BytesOf("TestPlugin.Shout.V2"));
        using PluginSandbox sandbox = new();
        string link = sandbox.MainOf(Shout);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, first);
        using PluginCatalog catalog = Watch(sandbox);
        Using.Shout(catalog).ShouldBe("one");

        File.Delete(link);
        File.CreateSymbolicLink(link, versions.MainOf("second"));
        _clock.Advance(s_enough);
        Using.Shout(catalog).ShouldBe("two");
    }

    [Fact]
    public void Dispose_StopsWatching()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        PluginCatalog catalog = Watch(sandbox);
        sandbox.Put("TestPlugin.Shout.V2");
        catalog.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(1));

        _log.Of(PluginEventKind.Reloaded).ShouldBeEmpty();
    }

    [Fact]
    public async Task FileSystemAnnouncements_AreEnough_WithoutPolling()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        PluginOptions options = sandbox.Options with { Watch = true, Debounce = TimeSpan.FromMilliseconds(50), PollInterval = TimeSpan.FromHours(1) };
        using PluginCatalog catalog = PluginCatalog.Open(options, _log.Sink);
        sandbox.Put("TestPlugin.Shout.V2");
        await _log.WaitFor(PluginEventKind.Reloaded);
        Using.Shout(catalog).ShouldBe("two");

        sandbox.Put("TestPlugin.Quoter");
        await _log.WaitFor(PluginEventKind.Loaded, 2);
        Directory.Delete(sandbox.FolderOf(Shout), recursive: true);
        (await _log.WaitFor(PluginEventKind.Withdrawn)).Plugin.ShouldBe(Shout);
    }

    [Theory]
    [InlineData("P", "P")]
    [InlineData("P/P.dll", "P")]
    [InlineData("P/Other.dll", "P")]
    [InlineData("P/P.pdb", null)]
    [InlineData("P/.P.dll", null)]
    [InlineData("P/sub/P.dll", null)]
    [InlineData(".git/P.dll", null)]
    [InlineData(".", null)]
    public void Announcement_ConcernsThePluginWhoseFolderItIsIn(string path, string? plugin)
    {
        string root = Path.Combine(Path.GetTempPath(), "root");
        FolderEvents.PluginFolderOf(root, Path.Combine(root, path)).ShouldBe(plugin is null ? null : Path.Combine(root, plugin));
    }

    private PluginCatalog Watch(PluginSandbox sandbox, TimeSpan? poll = null) => PluginCatalog.Open(Options(sandbox, poll), _log.Sink, _clock);

    private static PluginOptions Options(PluginSandbox sandbox, TimeSpan? poll = null) =>
        sandbox.Options with { Watch = true, Debounce = s_debounce, PollInterval = poll ?? s_poll, UseFileSystemEvents = false };
}
