using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Host.Serving;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>What <c>serve</c> makes of its command line and settings file.</summary>
public sealed class ServeSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NothingNamed_IsTheShippedModel_InATemporaryStore()
    {
        string store;
        using (ServeSettings settings = ServeSettings.Of(new ServeRequest()))
        {
            store = settings.Model.Store;
            Path.GetFileName(settings.Model.Model).ShouldBe("skpeft-tiny.gguf");
            settings.Model.Skills.Select(s => s.Name).ShouldBe(["describe", "sentiment", "topic", "family"]);
            (settings.Model.AllowBase, settings.Model.MaxOutputTokens).ShouldBe((true, 256));
            settings.Http.Urls.ShouldBe(["http://127.0.0.1:8080"]);
            settings.Http.AdminUrls.ShouldBeEmpty();
            Directory.Exists(store).ShouldBeTrue();
        }

        Directory.Exists(store).ShouldBeFalse();
    }

    [Fact]
    public void ABundle_GoesIntoTheStoreThatIsNamed_AndStaysThere()
    {
        string store = _folder.PathOf("store");

        using (ServeSettings settings = ServeSettings.Of(new ServeRequest { Model = ModelBundle.ShippedFolder, Store = store, Urls = ["http://*:1"], AdminUrls = ["http://[::1]:2"], KeyFile = "k", LoraFolders = ["l"] }))
        {
            settings.Model.Skills.Count.ShouldBe(4);
            settings.Http.Urls.ShouldBe(["http://*:1"]);
            settings.Http.AdminUrls.ShouldBe(["http://[::1]:2"]);
            (settings.Http.KeyFile, settings.Http.LoraFolders.Single()).ShouldBe(("k", "l"));
        }

        AdapterStore.Open(store).List().Select(l => l.Version.Reference).ShouldBe(["describe@1", "family@1", "sentiment@1", "topic@1"]);
    }

    [Fact]
    public void AModel_HasNoSkills()
    {
        using ServeSettings settings = ServeSettings.Of(new ServeRequest { Model = "some.gguf", Store = _folder.PathOf("store"), Plugins = ["p"], MaxTokens = 7, Threads = 2 });

        settings.Model.Skills.ShouldBeEmpty();
        (settings.Model.Model, settings.Model.Plugins.Single(), settings.Model.MaxOutputTokens, settings.Model.Threads).ShouldBe(("some.gguf", "p", 7, 2));
    }

    [Fact]
    public void TheCommandLine_GoesBeforeTheFile()
    {
        string file = _folder.Write("settings.json", """
            { "SkPeft": { "Model": "file.gguf", "Store": "file-store", "MaxOutputTokens": 5, "Precision": "exact", "Skills": [ { "Name": "a", "Adapter": "a", "Prompt": "{input}" } ] },
              "SkPeftHttp": { "Urls": "http://127.0.0.1:1", "AdminUrls": "http://127.0.0.1:2", "MaxChoices": 3 } }
            """);

        using ServeSettings asWritten = ServeSettings.Of(new ServeRequest { Config = file });
        using ServeSettings changed = ServeSettings.Of(new ServeRequest { Config = file, Model = "line.gguf", Urls = ["http://127.0.0.1:9"], MaxTokens = 6 });

        SkPeftSettings first = asWritten.Model, second = changed.Model;
        (first.Model, first.Store, first.MaxOutputTokens, first.AllowBase, first.Precision).ShouldBe(("file.gguf", "file-store", 5, false, Tensors.Kernels.Precision.Exact));
        (second.Model, second.Store, second.MaxOutputTokens, second.Skills.Single().Name).ShouldBe(("line.gguf", "file-store", 6, "a"));
        (asWritten.Http.Urls.Single(), changed.Http.Urls.Single(), changed.Http.AdminUrls.Single(), changed.Http.MaxChoices).ShouldBe(("http://127.0.0.1:1", "http://127.0.0.1:9", "http://127.0.0.1:2", 3));
    }

    [Fact]
    public void AFileWithoutASection_ServesTheShippedModel_ByItsHttpSettings()
    {
        string file = _folder.Write("http.json", """{ "SkPeftHttp": { "MaxChoices": 2 } }""");

        using ServeSettings settings = ServeSettings.Of(new ServeRequest { Config = file });

        (settings.Model.Skills.Count, settings.Http.MaxChoices).ShouldBe((4, 2));
    }
}
