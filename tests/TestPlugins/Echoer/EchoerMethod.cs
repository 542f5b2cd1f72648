using SkPeft;

namespace TestPlugin;

public sealed class EchoerMethod : IPeftMethod
{
    public IReadOnlyList<string> PeftTypes => ["ECHOER"];

    public string Description => Words.Second();

    public PeftModule Load(AdapterPackage package, ModelShape shape) => throw new NotSupportedException();

    public void SelfTest()
    {
    }
}
