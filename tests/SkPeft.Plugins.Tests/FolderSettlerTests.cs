namespace SkPeft.Plugins.Tests;

public class FolderSettlerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Advance_BeforeItIsQuiet_DoesNotEvenLook()
    {
        FolderSettler settler = new(TimeSpan.FromSeconds(1));
        settler.Notice(s_start);
        settler.Advance(s_start.AddMilliseconds(999), () => throw new InvalidOperationException("too early")).ShouldBeNull();
    }

    [Fact]
    public void Advance_TwoEqualLooksApart_HasSettled()
    {
        FolderSettler settler = new(TimeSpan.FromSeconds(1));
        settler.Notice(s_start);
        settler.Advance(s_start.AddSeconds(1), () => "a").ShouldBeNull();
        settler.Advance(s_start.AddSeconds(1.5), () => throw new InvalidOperationException("too early")).ShouldBeNull();
        settler.Advance(s_start.AddSeconds(2), () => "a").ShouldBe("a");
    }

    [Fact]
    public void Advance_LooksThatDiffer_BeginTheWaitAgain()
    {
        FolderSettler settler = new(TimeSpan.FromSeconds(1));
        settler.Notice(s_start);
        settler.Advance(s_start.AddSeconds(1), () => "a").ShouldBeNull();
        settler.Advance(s_start.AddSeconds(2), () => "b").ShouldBeNull();
        settler.Advance(s_start.AddSeconds(3), () => "b").ShouldBe("b");
    }

    [Fact]
    public void Notice_BetweenTwoLooks_ForgetsTheFirst()
    {
        FolderSettler settler = new(TimeSpan.FromSeconds(1));
        settler.Notice(s_start);
        settler.Advance(s_start.AddSeconds(1), () => "a").ShouldBeNull();
        settler.Notice(s_start.AddSeconds(1.9));
        settler.Advance(s_start.AddSeconds(3), () => "a").ShouldBeNull();
        settler.Advance(s_start.AddSeconds(4), () => "a").ShouldBe("a");
    }
}
