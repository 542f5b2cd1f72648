using System.Runtime.CompilerServices;
using SkPeft;

namespace TestPlugin;

public sealed class EagerMethod : IPeftMethod
{
    public IReadOnlyList<string> PeftTypes => ["EAGER"];

    public string Description => "runs code as soon as a type of it is touched";

    public PeftModule Load(AdapterPackage package, ModelShape shape) => throw new NotSupportedException();

    public void SelfTest()
    {
    }

#pragma warning disable CA2255 // the earliest that a plugin's code can run is what this fixture is for
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Touched() => AppContext.SetData("TestPlugin.WrongContract", "touched");
}
