using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Errors;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class ServerPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/m/tiny.gguf: options is x", "tiny: options is x")]
    [InlineData("chat template of /m/tiny.gguf, line 3", "chat template of tiny, line 3")]
    [InlineData("'/m/store/blobs/ab' cannot be read.", "'Store/blobs/ab' cannot be read.")]
    [InlineData("The store /m/store.", "The store Store.")]
    [InlineData("/m/store.bak and /m/stores and /m/store-2", "Model/store.bak and Model/stores and Model/store-2")]
    [InlineData("loaded from /p/a/Some.Plugin; and /p/a2/x", "loaded from Plugins/Some.Plugin; and /p/a2/x")]
    [InlineData("/srv/keys.json: not JSON", "KeyFile: not JSON")]
    [InlineData("/srv/other.json: not JSON", "…/other.json: not JSON")]
    [InlineData("GET /v1/models lists what there is.", "GET /v1/models lists what there is.")]
    public void APath_BecomesTheNameOfWhatLiesThere(string text, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These paths are those of Unix.");
        ServerPaths paths = new(new SkPeftSettings { Model = "/m/tiny.gguf", Store = "/m/store", Plugins = ["/p/a"] }, new HttpSettings { KeyFile = "keys.json" }, "/srv");

        paths.Hide(text).ShouldBe(expected);
    }

    [Fact]
    public void AClientsOwnWords_StayAsTheyAre()
    {
        ServerPaths paths = new(new SkPeftSettings { Model = "models/m", Store = "s" }, new HttpSettings(), _folder.Root);

        paths.Hide(ApiException.NotFound(_folder.PathOf("x"), "c")).Message.ShouldBe(_folder.PathOf("x"));
        ApiException hidden = paths.Hide(ApiException.Conflict(_folder.PathOf("x"), "c", new StoreException("y")));
        (hidden.Message, hidden.Status, hidden.Code).ShouldBe(("…/x", 409, "c"));
    }

    [Fact]
    public async Task NoError_SaysWhereThingsLie()
    {
        using UnpackedBundle bundle = ModelBundle.OpenShipped().Unpack();
        string loras = _folder.PathOf("loras");
        Copy(bundle.Bundle.Skills.Single(s => s.Definition.Name == "topic").Adapter, Path.Combine(loras, "broken"));
        File.WriteAllText(Path.Combine(loras, "broken", "adapter_model.safetensors"), "no tensors");
        Copy(bundle.Bundle.Skills.Single(s => s.Definition.Name == "topic").Adapter, Path.Combine(loras, "strange"));
        File.WriteAllText(Path.Combine(loras, "strange", "adapter_config.json"), """{ "peft_type": "NOBODYS" }""");
        string plugins = _folder.PathOf("plugins");
        Directory.CreateDirectory(Path.Combine(plugins, "Nobodys"));
        File.WriteAllText(Path.Combine(plugins, "Nobodys", "Nobodys.dll"), "no assembly");
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { LoraFolders = [loras] }, model => model with { Plugins = [.. model.Plugins, plugins] });

        // No chat template; two folders that cannot be loaded; a store that was damaged, and one that cannot be read.
        Reply[] replies =
        [
            await server.PostAsync("/v1/chat/completions", """{ "model": "skpeft-tiny", "messages": [ { "role": "user", "content": "x" } ] }"""),
            await LoadAsync(Path.Combine(loras, "broken")),
            await LoadAsync(Path.Combine(loras, "strange")),
            await DamagedAsync(server),
        ];

        replies.Select(r => (int)r.Status).ShouldBe([400, 400, 400, 500]);
        replies[0].Error.GetProperty("message").GetString()!.ShouldContain("a conversation for skpeft-tiny, which has no chat template");
        string[] places = [server.Served.Runtime.Model.Path, server.Served.Runtime.Store.Folder, _folder.Root, AppContext.BaseDirectory, Path.GetTempPath()];
        foreach (Reply reply in replies)
        {
            foreach (string place in places)
            {
                reply.Text.ShouldNotContain(Path.TrimEndingDirectorySeparator(place));
            }
        }

        async Task<Reply> LoadAsync(string folder) => await server.PostAsync("/v1/load_lora_adapter", $$"""{ "lora_name": "new", "lora_path": "{{folder}}" }""");
    }

    private static async Task<Reply> DamagedAsync(TestServer server)
    {
        using UnpackedBundle other = ModelBundle.OpenShipped().Unpack();
        server.Served.Runtime.Store.Add("fresh", other.Bundle.Skills.Single(s => s.Definition.Name == "topic").Adapter);
        foreach (string file in Directory.EnumerateFiles(server.Served.Runtime.Store.Folder, "*", SearchOption.AllDirectories).Where(f => f.Contains("blob", StringComparison.Ordinal)))
        {
            File.SetAttributes(file, FileAttributes.Normal);
            File.WriteAllText(file, "damaged");
        }

        return await server.PostAsync("/v1/completions", """{ "model": "fresh", "prompt": "x" }""");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
