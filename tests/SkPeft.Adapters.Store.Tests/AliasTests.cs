namespace SkPeft.Adapters.Store.Tests;

public sealed class AliasTests : StoreTest
{
    public AliasTests()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            Add("a", seed);
        }
    }

    [Fact]
    public void Resolve_BareName_IsProdWhereThereIsOneElseTheNewest()
    {
        Store.Resolve("a").Number.ShouldBe(4);
        Store.Promote("a@2", "prod");
        Store.Resolve("a").Number.ShouldBe(2);
        Store.Resolve("a@latest").Number.ShouldBe(4);
        Store.Promote("a@latest", "prod");
        Store.Resolve("a@prod").Number.ShouldBe(4);
    }

    [Fact]
    public void Rollback_Repeated_WalksBackThroughWhatWasPromoted()
    {
        Store.Promote("a@1", "prod").ShouldBe(new AliasFlip("a", "prod", null, 1));
        Store.Promote("a@3", "prod").ShouldBe(new AliasFlip("a", "prod", 1, 3));
        Store.Promote("a@2", "prod");
        Store.Promote("a@2", "prod").ShouldBe(new AliasFlip("a", "prod", 2, 2));

        Store.Rollback("a", "prod").ShouldBe(new AliasFlip("a", "prod", 2, 3));
        Store.Rollback("a", "prod").ShouldBe(new AliasFlip("a", "prod", 3, 1));
        Should.Throw<StoreException>(() => Store.Rollback("a", "prod")).Message.ShouldContain("no earlier one");
        Store.Resolve("a@prod").Number.ShouldBe(1);
    }

    [Fact]
    public void Rollback_ThenPromote_GoesBackToWhereItWasLeft()
    {
        Store.Promote("a@1", "prod");
        Store.Promote("a@2", "prod");
        Store.Rollback("a", "prod");
        Store.Promote("a@4", "prod");

        Store.Rollback("a", "prod").To.ShouldBe(1);
    }

    [Fact]
    public void Aliases_OfOneAdapter_AreIndependent()
    {
        Store.Promote("a@1", "prod");
        Store.Promote("a@prod", "staging");
        Store.Promote("a@3", "staging");
        Store.Show("a@3").Aliases.ShouldHaveSingleItem().Earlier.ShouldBe([1]);
        Store.List().Select(l => string.Join(',', l.Aliases)).ShouldBe(["prod", "", "staging", ""]);
        Should.Throw<StoreException>(() => Store.Rollback("a", "prod"));
    }

    [Fact]
    public void Remove_OfAnAliasedVersion_NamesTheAliases()
    {
        Store.Promote("a@2", "prod");
        Store.Promote("a@2", "canary");
        Should.Throw<StoreException>(() => Store.Remove("a@2")).Message.ShouldContain("'a@canary' and 'a@prod' name it");
        Store.Resolve("a@2").Number.ShouldBe(2);
    }

    [Fact]
    public void Remove_OfAnEarlierTarget_TakesItOutOfTheWayBack()
    {
        foreach (int number in (int[])[1, 2, 1, 3])
        {
            Store.Promote($"a@{number}", "prod");
        }

        Store.Remove("a@2").Reference.ShouldBe("a@2");

        // 1, 1, 3 is left; the two 1s count once, so a rollback always moves.
        Store.Show("a@prod").Aliases.Single().Earlier.ShouldBe([1]);
        Store.Rollback("a", "prod").To.ShouldBe(1);
        Should.Throw<StoreException>(() => Store.Rollback("a", "prod"));
    }

    [Fact]
    public void Remove_LastEarlierTargetEqualToTheCurrent_LeavesNothingToRollBackTo()
    {
        foreach (int number in (int[])[1, 2, 1])
        {
            Store.Promote($"a@{number}", "prod");
        }

        Store.Remove("a@2");
        Should.Throw<StoreException>(() => Store.Rollback("a", "prod")).Message.ShouldContain("no earlier one");
    }

    [Fact]
    public void Remove_NumbersAreNeverGivenAgain()
    {
        Store.Remove("a@4");
        Store.Remove("a@latest").Number.ShouldBe(3);
        Add("a", 4).Number.ShouldBe(5);
        foreach (int number in (int[])[1, 2, 5])
        {
            Store.Remove($"a@{number}");
        }

        Store.List().ShouldBeEmpty();
        Add("a", 9).Number.ShouldBe(6);
    }

    [Fact]
    public void NotFound_SaysWhatThereIs()
    {
        Store.Promote("a@2", "prod");
        Add("sentiment", 7);
        Should.Throw<AdapterNotFoundException>(() => Store.Resolve("a@staging")).Message
            .ShouldContain("'a' has versions 4, 3, 2, 1 and the aliases prod (version 2)");
        Should.Throw<AdapterNotFoundException>(() => Store.Resolve("sentiment@2")).Message.ShouldContain("version 1 and no aliases");
        Should.Throw<AdapterNotFoundException>(() => Store.Resolve("sentimnet@1")).Message.ShouldContain("Did you mean 'sentiment'?");
        Should.Throw<AdapterNotFoundException>(() => Store.Resolve("unlike")).Message.ShouldContain("has a, sentiment");
        Should.Throw<AdapterNotFoundException>(() => Store.Rollback("a", "staging")).Message.ShouldContain("prod (version 2)");
        Should.Throw<AdapterNotFoundException>(() => Store.Promote("a@17", "prod"));
    }
}
