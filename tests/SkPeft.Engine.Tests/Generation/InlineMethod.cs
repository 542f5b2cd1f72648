namespace SkPeft.Engine.Tests.Generation;

/// <summary>A method, and the catalog that offers it, whose adapters have whatever effects a test sets; it counts its leases.</summary>
internal sealed class InlineMethod : IPeftMethod, IPeftMethodCatalog
{
    public const string Config = """{ "peft_type": "TEST_INLINE" }""";

    public IReadOnlyList<Effect> Effects { get; set; } = [];

    public Func<IBaseModel, IReadOnlyList<Effect>>? Build { get; set; }

    public IReadOnlyList<string> Modules { get; set; } = ["model.norm"];

    public PluginIdentity Identity { get; set; } = new("TestPlugin", "1.2.3", new string('0', 64), 4);

    public int Acquired { get; private set; }

    public int Released { get; private set; }

    public IReadOnlyList<string> PeftTypes => ["TEST_INLINE"];

    public string Description => "Effects of a test";

    public PeftModule Load(AdapterPackage package, ModelShape shape) => new Module(this);

    public void SelfTest()
    {
    }

    public IPeftMethodLease Acquire(string peftType)
    {
        if (peftType != "TEST_INLINE")
        {
            throw new MethodNotFoundException(peftType, "There is TEST_INLINE.");
        }

        Acquired++;
        return new Lease(this);
    }

    public PluginIdentity? Current(string peftType) => peftType == "TEST_INLINE" ? Identity : null;

    private sealed class Module(InlineMethod method) : PeftModule
    {
        public override IReadOnlyList<string> MatchedModules => method.Modules;

        public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => method.Build?.Invoke(model) ?? method.Effects;
    }

    private sealed class Lease(InlineMethod method) : IPeftMethodLease
    {
        public IPeftMethod Method => method;

        public PluginIdentity Plugin { get; } = method.Identity;

        public void Dispose() => method.Released++;
    }
}
