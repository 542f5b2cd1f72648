namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>A method, and the catalog that offers it, whose adapters have whatever effects the test sets: how a test's own effects reach the engine.</summary>
internal sealed class InlineMethod : IPeftMethod, IPeftMethodCatalog
{
    public const string Config = """{ "peft_type": "TEST_INLINE" }""";

    public IReadOnlyList<Effect> Effects { get; set; } = [];

    public IReadOnlyList<string> PeftTypes => ["TEST_INLINE"];

    public string Description => "Effects of a test";

    public PeftModule Load(AdapterPackage package, ModelShape shape) => new Module(Effects);

    public void SelfTest()
    {
    }

    public IPeftMethodLease Acquire(string peftType) => new Lease(this);

    public PluginIdentity? Current(string peftType) => Lease.Identity;

    private sealed class Module(IReadOnlyList<Effect> effects) : PeftModule
    {
        public override IReadOnlyList<string> MatchedModules => ["model"];

        public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => effects;
    }

    private sealed class Lease(IPeftMethod method) : IPeftMethodLease
    {
        public static PluginIdentity Identity { get; } = new("test", "1.0.0", new string('0', 64), 1);

        public IPeftMethod Method => method;

        public PluginIdentity Plugin => Identity;

        public void Dispose()
        {
        }
    }
}
