using Microsoft.Extensions.Primitives;
using SkPeft.Host.Serving;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

public sealed class FollowedFileTests : IDisposable
{
    private static readonly DateTime s_before = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AChange_IsToldOnce_WhenTheFileRests()
    {
        string path = Write("a", 0);
        using FollowedFile file = new(path, new StoppedClock());
        IChangeToken first = file.Changes();
        Looks(file, first, 2).ShouldBe([false, false]);

        Write("b", 1);
        Looks(file, first, 1).ShouldBe([false]);
        Write("bc", 2);
        Looks(file, first, 2).ShouldBe([false, true]);

        // Gone is a change as well, and so is coming back.
        IChangeToken second = file.Changes();
        Looks(file, second, 2).ShouldBe([false, false]);
        File.Delete(path);
        Looks(file, second, 2).ShouldBe([false, true]);
        IChangeToken third = file.Changes();
        Write("a", 0);
        Looks(file, third, 2).ShouldBe([false, true]);
    }

    [Fact]
    public void ALink_IsFollowed_AsMountedSettingsAreLinks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights of their own on Windows.");
        Write("a", 0, "first/settings.json");
        Write("b", 1, "second/settings.json");
        Directory.CreateSymbolicLink(_folder.PathOf("data"), _folder.PathOf("first"));
        string link = _folder.PathOf("settings.json");
        File.CreateSymbolicLink(link, "data/settings.json");
        using FollowedFile file = new(link, new StoppedClock());
        IChangeToken token = file.Changes();

        Directory.Delete(_folder.PathOf("data"));
        Directory.CreateSymbolicLink(_folder.PathOf("data"), _folder.PathOf("second"));

        Looks(file, token, 2).ShouldBe([false, true]);
    }

    private static bool[] Looks(FollowedFile file, IChangeToken token, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        file.Look();
        return token.HasChanged;
    })];

    private string Write(string content, int minute, string name = "settings.json")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        string path = _folder.Write(name, content);
        File.SetLastWriteTimeUtc(path, s_before.AddMinutes(minute));
        return path;
    }

    /// <summary>A clock whose timers never fire: the test looks itself.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
