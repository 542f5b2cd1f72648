namespace SkPeft.Adapters.Store.Tests;

public sealed class ComposedReferenceTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a@prod#1", "a@prod#1", true)]
    [InlineData("a*1", "a", true)]
    [InlineData("a*0.5", "a*0.5", false)]
    [InlineData("a@1 + b@prod*-2e-1", "a@1+b@prod*-0.2", false)]
    [InlineData("a+b+c.d_e-f", "a+b+c.d_e-f", false)]
    public void Parse_ReadsPartsAndWeights(string text, string canonical, bool single)
    {
        ComposedReference reference = ComposedReference.Parse(text);

        ($"{reference}", reference.IsSingle).ShouldBe((canonical, single));
        ComposedReference.Parse(canonical).Parts.ShouldBe(reference.Parts);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("a+", "the name ''")]
    [InlineData("+a", "the name ''")]
    [InlineData("a*", "after '*' stands ''")]
    [InlineData("a*0", "a number other than 0")]
    [InlineData("a*NaN", "after '*' stands 'NaN'")]
    [InlineData("a*0,5", "after '*' stands '0,5'")]
    [InlineData("a*2*3", "after '*' stands '2*3'")]
    [InlineData("a + a*2", "names 'a' twice")]
    [InlineData("a+b+c+d+e+f+g+h+i", "at most 8")]
    [InlineData(" a", "' a'")]
    public void Parse_RefusesWithThePart(string text, string said) =>
        Should.Throw<StoreException>(() => ComposedReference.Parse(text)).Message.ShouldContain(said);
}
