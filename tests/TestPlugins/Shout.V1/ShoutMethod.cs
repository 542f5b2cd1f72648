using SkPeft;

namespace TestPlugin;

/// <summary>A method that touches nothing, and says which version of it was asked.</summary>
public sealed class ShoutMethod : IPeftMethod
{
#if V1
    private const string Word = "one";
#else
    private const string Word = "two";
#endif

    public IReadOnlyList<string> PeftTypes => ["SHOUT"];

    public string Description => $"shouts '{Word}'";

    public PeftModule Load(AdapterPackage package, ModelShape shape) =>
        package.Name.StartsWith("bad", StringComparison.Ordinal) ? throw new InvalidTimeZoneException("no such time") : new ShoutModule(Word, package.Name);

    public void SelfTest()
    {
    }

    private sealed class ShoutModule(string word, string name) : PeftModule
    {
        public override IReadOnlyList<string> MatchedModules => [word, name];

        public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [];
    }
}
