using System.Reflection;
using SkPeft.Http.Stats;

namespace SkPeft.Http.Tests.Stats;

public sealed class ModuleMethodsTests
{
    [Fact]
    public void EveryVersion_IsLookedUpOnce_AlsoOneThatIsGone()
    {
        IAdapterStore store = DispatchProxy.Create<IAdapterStore, ListedStore>();
        ListedStore listed = (ListedStore)store;
        ModuleMethods methods = new(store);

        for (int i = 0; i < 3; i++)
        {
            methods.Of("base").ShouldBeNull();
            methods.Of("lora@1").ShouldBe("LORA");
            methods.Of("lora@1*0.5+ia3@2#1").ShouldBe("LORA+IA3");
            methods.Of("gone@4").ShouldBeNull();
            methods.Of("ia3@2+gone@4").ShouldBeNull();
        }

        listed.Asked.ShouldBe(["lora@1", "ia3@2", "gone@4"]);
    }

    /// <summary>A store of two versions that remembers what it was asked.</summary>
    public class ListedStore : DispatchProxy
    {
        public List<string> Asked { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            targetMethod!.Name.ShouldBe(nameof(IAdapterStore.Resolve));
            string reference = (string)args![0]!;
            Asked.Add(reference);
            return reference switch
            {
                "lora@1" => Version("lora", 1, "LORA"),
                "ia3@2" => Version("ia3", 2, "IA3"),
                _ => throw new AdapterNotFoundException(reference, "There are lora@1 and ia3@2."),
            };
        }

        private static AdapterVersion Version(string name, int number, string method) =>
            new(name, number, "digest", method, 1, default, null);
    }
}
