namespace SkPeft.Plugins.Tests;

public class PluginRefusalTests
{
    [Fact]
    public void Open_OtherContractVersion_IsRefusedBeforeATypeIsTouched_NamingBothVersions()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.WrongContract");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        ReasonOf(catalog).ShouldContain("version 2 of the contract, this host speaks version 1");
        AppContext.GetData("TestPlugin.WrongContract").ShouldBeNull();
        Using.Contexts("TestPlugin.WrongContract").ShouldBe(0);
        Should.Throw<PluginLoadException>(() => catalog.Reload("TestPlugin.WrongContract")).Message.ShouldContain("this host speaks version 1");
    }

    [Fact]
    public void Open_NoContractAttribute_IsRefused()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Words.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        ReasonOf(catalog).ShouldContain("does not carry [assembly: SkPeft.PeftPlugin");
    }

    [Theory]
    [InlineData('x', "expected the digits of an integer")]
    [InlineData(' ', "expected the digits of an integer")]
    [InlineData('-', "expected the digits of an integer")]
    [InlineData('0', "built for version 0 of the contract, this host speaks version 1")]
    public void Open_ContractThatIsAnotherCharacter_IsRefused(char version, string reason)
    {
        // The attribute's value in the file is a prolog of two bytes, the text's length, the text, and no named arguments.
        using PluginSandbox sandbox = new();
        byte[] bytes = TestPlugins.BytesOf("TestPlugin.Shout.V1");
        int at = bytes.AsSpan().IndexOf("\u0001\0\u00011\0\0"u8);
        bytes[at + 3] = (byte)version;
        PluginSandbox.Write(sandbox.MainOf(PluginSandbox.Shout), bytes);
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        ReasonOf(catalog).ShouldContain(reason);
    }

    [Fact]
    public void Open_NotAnAssembly_IsRefused()
    {
        using PluginSandbox sandbox = new();
        PluginSandbox.Write(sandbox.MainOf("Notes"), "just some text that somebody renamed"u8.ToArray());
        PluginSandbox.Write(sandbox.MainOf("Nothing"), []);
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        catalog.List().Count.ShouldBe(2);
        catalog.List().ShouldAllBe(p => p.Reason!.Contains("is not a .NET assembly"));
    }

    [Fact]
    public void Open_FolderWithoutItsMainAssembly_NamesWhatIsMissing()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1", intoFolder: "Shouting");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        ReasonOf(catalog).ShouldContain("holds TestPlugin.Shout.dll but no Shouting.dll");
    }

    [Fact]
    public void Open_AssemblyOfAnotherName_IsRefused()
    {
        using PluginSandbox sandbox = new();
        PluginSandbox.Write(sandbox.MainOf("Renamed"), TestPlugins.BytesOf("TestPlugin.Shout.V1"));
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);

        ReasonOf(catalog).ShouldContain("hold an assembly named TestPlugin.Shout");
    }

    [Fact]
    public void Open_FileLargerThanAllowed_IsRefusedUnread()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options with { MaxPluginBytes = 1000 });

        ReasonOf(catalog).ShouldContain("at most 1000 are accepted");
    }

    [Fact]
    public void Open_OwnCopyOfTheContract_IsIgnoredWithAWarning_AndTypesAreTheHosts()
    {
        using PluginSandbox sandbox = new();
        sandbox.Put("TestPlugin.Shout.V1");
        PluginSandbox.Write(
            Path.Combine(sandbox.FolderOf(PluginSandbox.Shout), "SkPeft.Abstractions.dll"), File.ReadAllBytes(typeof(IPeftMethod).Assembly.Location));
        EventLog log = new();
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options, log.Sink);

        Using.Shout(catalog).ShouldBe("one");
        log.Single(PluginEventKind.Warning).Message.ShouldContain("its own copy of SkPeft.Abstractions.dll is ignored");
    }

    [Fact]
    public void Open_EveryCutOfAnAssembly_IsRefused()
    {
        using PluginSandbox sandbox = new();
        string main = sandbox.Put("TestPlugin.Shout.V1");
        byte[] whole = File.ReadAllBytes(main);
        using PluginCatalog catalog = PluginCatalog.Open(sandbox.Options);
        for (int length = 0; length < whole.Length; length += 97)
        {
            Should.Throw<PluginRefusal>(() => AssemblyHeader.Read("x.dll", whole[..length])).Message.ShouldStartWith("x.dll");
        }

        AssemblyHeader.Read("x.dll", whole).ShouldNotBeNull().Contract.ShouldBe("1");
    }

    [Fact]
    public void Header_OfDamagedBytes_IsReadOrRefused_AndNeverAnythingElse()
    {
        byte[] whole = TestPlugins.BytesOf("TestPlugin.Shout.V1");
        Random random = new(3);
        for (int i = 0; i < 4000; i++)
        {
            byte[] damaged = [.. whole];
            for (int n = random.Next(1, 12); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = AssemblyHeader.Read("damaged.dll", damaged);
            }
            catch (PluginRefusal refusal)
            {
                refusal.Message.ShouldContain("damaged.dll");
            }
        }
    }

    private static string ReasonOf(PluginCatalog catalog)
    {
        PluginInfo info = catalog.List().ShouldHaveSingleItem();
        info.Status.ShouldBe(PluginStatus.Failed);
        return info.Reason.ShouldNotBeNull();
    }
}
