using SkPeft;

namespace TestPlugin;

public sealed class QuoterMethod : IPeftMethod
{
    public IReadOnlyList<string> PeftTypes => ["QUOTER"];

    public string Description => Words.First();

    public PeftModule Load(AdapterPackage package, ModelShape shape) => throw new NotSupportedException();

    public void SelfTest()
    {
    }
}
