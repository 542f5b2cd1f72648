namespace SkPeft.Adapters.Store.Tests;

public sealed class ReferenceTests
{
    [Theory]
    [InlineData("sentiment", "sentiment", null, null)]
    [InlineData("sentiment@3", "sentiment", 3, null)]
    [InlineData("s@2147483647", "s", int.MaxValue, null)]
    [InlineData("a.b-c_9@prod", "a.b-c_9", null, "prod")]
    [InlineData("9@latest", "9", null, "latest")]
    [InlineData("a@3b", "a", null, "3b")]
    public void Parse_Legal_GivesTheParts(string text, string name, int? number, string? alias)
    {
        AdapterReference reference = AdapterReference.Parse(text);
        (reference.Name, reference.Number, reference.Alias).ShouldBe((name, number, alias));
        reference.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("", "1 to 64")]
    [InlineData("@prod", "1 to 64")]
    [InlineData("-rf", "1 to 64")]
    [InlineData("../etc/passwd", "../etc/passwd")]
    [InlineData("a b", "a b")]
    [InlineData("ä", "ä")]
    [InlineData("a@", "version number")]
    [InlineData("a@b@c", "b@c")]
    [InlineData("a@0", "from 1")]
    [InlineData("a@2147483648", "from 1")]
    [InlineData("a@٣", "٣")]
    [InlineData("a@-1", "-1")]
    public void Parse_Illegal_SaysWhatIsExpected(string text, string named) =>
        Should.Throw<StoreException>(() => AdapterReference.Parse(text)).Message.ShouldContain(named);

    [Fact]
    public void CheckName_SixtyFourIsTheLimit()
    {
        AdapterReference.CheckName(new string('a', 64)).Length.ShouldBe(64);
        Should.Throw<StoreException>(() => AdapterReference.CheckName(new string('a', 65)));
    }

    [Theory]
    [InlineData("3", "version numbers")]
    [InlineData("latest", "newest version")]
    [InlineData("a@b", "cannot be an alias")]
    [InlineData("", "cannot be an alias")]
    public void CheckAlias_Illegal_SaysWhy(string alias, string reason) =>
        Should.Throw<StoreException>(() => AdapterReference.CheckAlias(alias)).Message.ShouldContain(reason);
}
