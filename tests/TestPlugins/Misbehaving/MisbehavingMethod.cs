using SkPeft;

namespace TestPlugin;

/// <summary>Goes wrong in the way that the test asks for, through a word in the application's data.</summary>
public sealed class MisbehavingMethod : IPeftMethod
{
    private static readonly List<object> s_kept = [];

    public MisbehavingMethod() => MaybeThrow("constructor");

    public IReadOnlyList<string> PeftTypes => Word switch
    {
        "types are null" => null!,
        "types are empty" => [],
        "a type is blank" => ["MISBEHAVING", " "],
        "a type twice" => ["MISBEHAVING", "misbehaving"],
        "the type of another" => ["SHOUT"],
        _ => MaybeThrow("types") ? ["MISBEHAVING"] : [],
    };

    public string Description => MaybeThrow("description") ? "misbehaves" : "";

    private static string? Word => AppContext.GetData("TestPlugin.Misbehaving") as string;

    public PeftModule Load(AdapterPackage package, ModelShape shape) => null!;

    public void SelfTest()
    {
        MaybeThrow("self-test");
        if (Word == "self-test hangs")
        {
            (AppContext.GetData("TestPlugin.Misbehaving.Gate") as ManualResetEventSlim)!.Wait();
        }

        if (Word == "calls native code")
        {
            _ = NativeCode.Call();
        }

        if (Word == "is kept by an event of the host")
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => s_kept.Clear();
        }

        if (Word == "throws while it is unloaded")
        {
            System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(MisbehavingMethod).Assembly)!.Unloading +=
                _ => throw new InvalidTimeZoneException("leave me alone");
        }
    }

    private static bool MaybeThrow(string place) => Word == place + " throws" ? throw new InvalidTimeZoneException($"{place} is out of order") : true;
}
