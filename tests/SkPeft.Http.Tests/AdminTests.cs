using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SkPeft.Connectors.Bundles;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class AdminTests(SharedServer shared)
{
    [Theory]
    [InlineData("GET", "/admin/status")]
    [InlineData("GET", "/admin/stats")]
    [InlineData("GET", "/admin/runs")]
    [InlineData("GET", "/admin/modules")]
    [InlineData("POST", "/admin/modules/x")]
    [InlineData("DELETE", "/admin/modules/topic@1")]
    [InlineData("PUT", "/admin/modules/topic/aliases/prod")]
    [InlineData("GET", "/admin/skills")]
    [InlineData("GET", "/admin/plugins")]
    public async Task ThePublicDoor_DoesNotLeadThere(string method, string path) =>
        (await TestServer.SendAsync(shared.Server.Client, new HttpMethod(method), path, null)).ShouldFail(HttpStatusCode.NotFound, null, "admin_elsewhere", "--admin-urls");

    [Fact]
    public async Task TheAdminsDoor_AnswersOrdinaryRequestsToo() =>
        (await TestServer.SendAsync(shared.Server.Admin, HttpMethod.Get, "/v1/models", null)).ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("Origin", "http://evil.example.com")]
    [InlineData("Host", "evil.example.com")]
    public async Task PagesOfOtherSites_AreKeptOut(string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/admin/status");
        request.Headers.Add(header, value);
        using HttpResponseMessage response = await shared.Server.Admin.SendAsync(request, Token);

        (await Reply.OfAsync(response)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Status_Skills_AndPlugins_SayHowThingsAre()
    {
        JsonElement status = (await GetAsync("/admin/status")).Json;
        (status.GetProperty("ready").GetBoolean(), status.GetProperty("model").GetString()).ShouldBe((true, "skpeft-tiny"));

        JsonElement[] skills = [.. (await GetAsync("/admin/skills")).Json.GetProperty("skills").EnumerateArray()];
        skills.Select(s => $"{s.GetProperty("name").GetString()} {s.GetProperty("resolved").GetString()}").ShouldBe(["describe describe@1", "sentiment sentiment@1", "topic topic@1", "family family@1"]);
        skills.Count(s => s.GetProperty("is_default").GetBoolean()).ShouldBe(1);

        JsonElement[] plugins = [.. (await GetAsync("/admin/plugins")).Json.GetProperty("plugins").EnumerateArray()];
        JsonElement lora = plugins.Single(p => p.GetProperty("name").GetString() == "SkPeft.Peft.Lora");
        (lora.GetProperty("status").GetString(), lora.GetProperty("reason").ValueKind).ShouldBe(("active", JsonValueKind.Null));
        lora.GetProperty("methods").EnumerateArray().Select(m => m.GetProperty("peft_type").GetString()).ShouldContain("LORA");
    }

    [Fact]
    public async Task APlugin_CanBeLoadedAgain_AndOneThatIsNotCannot()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement reloaded = (await TestServer.SendAsync(server.Admin, HttpMethod.Post, "/admin/plugins/SkPeft.Peft.Lora/reload", "{}")).ShouldBe(HttpStatusCode.OK).Json;

        reloaded.GetProperty("generation").GetInt32().ShouldBe(2);
        (await TestServer.SendAsync(server.Admin, HttpMethod.Post, "/admin/plugins/refresh", "{}")).ShouldBe(HttpStatusCode.OK);
        (await TestServer.SendAsync(server.Admin, HttpMethod.Post, "/admin/plugins/nobody/reload", "{}")).ShouldFail(HttpStatusCode.NotFound, null, "plugin_not_found");
        JsonElement answer = (await server.PostAsync("/v1/chat/completions", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).ShouldBe(HttpStatusCode.OK).Json;
        answer.GetProperty("skpeft").GetProperty("plugin").GetProperty("generation").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task APlugin_ThatCannotBeLoaded_IsListedWithTheReason()
    {
        using TemporaryFolder plugins = new();
        Directory.CreateDirectory(plugins.PathOf("Broken"));
        plugins.Write("Broken/Broken.dll", "no assembly");
        await using TestServer server = await TestServer.StartAsync(model: s => s with { Plugins = [.. s.Plugins, plugins.Root] });

        JsonElement[] listed = [.. (await SendAsync(server, HttpMethod.Get, "/admin/plugins", null)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("plugins").EnumerateArray()];

        JsonElement broken = listed.Single(p => p.GetProperty("name").GetString() == "Broken");
        broken.GetProperty("status").GetString().ShouldBe("failed");
        broken.GetProperty("reason").GetString().ShouldNotBeNullOrWhiteSpace();
        (await SendAsync(server, HttpMethod.Post, "/admin/plugins/Broken/reload", "{}")).ShouldFail(HttpStatusCode.Conflict, null, "plugin-load", "Broken.dll");
    }

    [Fact]
    public async Task AnUpload_IsTheNextVersion_AndAliasesMoveToItAndBack()
    {
        await using TestServer server = await TestServer.StartAsync();
        string folder = ModelBundle.OpenShipped().Skills.Single(s => s.Definition.Name == "topic").Adapter;

        // Other content than version 1, so that it is a version of its own.
        byte[] zip = ZipBytes.Of([.. Directory.GetFiles(folder, "adapter_*").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))), ("README.md", ZipBytes.Text("second"))]);
        JsonElement added = (await UploadAsync(server, "topic", zip)).ShouldBe(HttpStatusCode.Created).Json;
        added.GetProperty("module").GetProperty("reference").GetString().ShouldBe("topic@2");
        (await UploadAsync(server, "topic", zip)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("is_new").GetBoolean().ShouldBeFalse();

        (await ModelOfAsync(server)).ShouldBe("topic@1");
        JsonElement flip = (await SendAsync(server, HttpMethod.Put, "/admin/modules/topic/aliases/prod", """{ "version": 2 }""")).ShouldBe(HttpStatusCode.OK).Json;
        (flip.GetProperty("from").GetInt32(), flip.GetProperty("to").GetInt32()).ShouldBe((1, 2));
        (await ModelOfAsync(server)).ShouldBe("topic@2");
        (await SendAsync(server, HttpMethod.Delete, "/admin/modules/topic@2", null)).ShouldFail(HttpStatusCode.Conflict, null, "store");
        (await SendAsync(server, HttpMethod.Post, "/admin/modules/topic/aliases/prod/rollback", "{}")).ShouldBe(HttpStatusCode.OK);
        (await ModelOfAsync(server)).ShouldBe("topic@1");
        (await SendAsync(server, HttpMethod.Post, "/admin/modules/topic/aliases/prod/rollback", "{}")).ShouldFail(HttpStatusCode.Conflict, null, "store");

        JsonElement details = (await SendAsync(server, HttpMethod.Get, "/admin/modules/topic@2", null)).ShouldBe(HttpStatusCode.OK).Json;
        details.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("path").GetString()).ShouldContain("README.md");
        (await SendAsync(server, HttpMethod.Delete, "/admin/modules/topic@2", null)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(server, HttpMethod.Get, "/admin/modules/topic@2", null)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AnUpload_ThatDoesNotFitThisModel_DoesNotStay()
    {
        await using TestServer server = await TestServer.StartAsync();
        string folder = ModelBundle.OpenShipped().Skills.Single(s => s.Definition.Name == "topic").Adapter;
        byte[] config = ZipBytes.Text(File.ReadAllText(Path.Combine(folder, "adapter_config.json")).Replace("\"r\": 8", "\"r\": 4"));
        byte[] zip = ZipBytes.Of(("adapter_config.json", config), ("adapter_model.safetensors", File.ReadAllBytes(Path.Combine(folder, "adapter_model.safetensors"))));

        Reply reply = await UploadAsync(server, "odd", zip);

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.GetProperty("code").GetString()!.ShouldStartWith("adapter-");
        (await SendAsync(server, HttpMethod.Get, "/admin/modules", null)).Text.ShouldNotContain("\"odd");
    }

    [Fact]
    public async Task Uploads_ThatAreNoModules_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { MaxUploadBytes = 100_000 });

        (await UploadAsync(server, "x", ZipBytes.Of(("notes.txt", [1])))).ShouldFail(HttpStatusCode.BadRequest, null, "file-format", "adapter_config.json").Text.ShouldNotContain("/tmp");
        (await UploadAsync(server, "x", ZipBytes.Of(("../x", [1])))).ShouldFail(HttpStatusCode.BadRequest, null, "bad_zip");
        (await UploadAsync(server, "x", ZipBytes.Text("no zip"))).ShouldFail(HttpStatusCode.BadRequest, null, "bad_zip");
        (await UploadAsync(server, "bad%20name", ZipBytes.Of(("a", [1])))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await UploadAsync(server, "x", new byte[100_001])).ShouldFail(HttpStatusCode.RequestEntityTooLarge, null, "request_too_large", "100000 bytes (MaxUploadBytes)");
        (await SendAsync(server, HttpMethod.Post, "/admin/modules/x", "{}")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        Directory.GetDirectories(Path.GetTempPath(), $"skpeft-upload-{Environment.ProcessId}-*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PUT", "/admin/modules/topic/aliases/prod", "{}", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/admin/modules/topic/aliases/prod", "{ \"version\": 0 }", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/admin/modules/topic/aliases/prod", "{ \"version\": 99 }", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/admin/modules/topic/aliases/latest", "{ \"version\": 1 }", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/admin/modules/nobody/aliases/prod", "{ \"version\": 1 }", HttpStatusCode.NotFound)]
    [InlineData("POST", "/admin/modules/topic/aliases/staging/rollback", "{}", HttpStatusCode.NotFound)]
    [InlineData("GET", "/admin/modules/a@@b", null, HttpStatusCode.BadRequest)]
    [InlineData("GET", "/admin/modules/nobody", null, HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/admin/modules/topic@prod", null, HttpStatusCode.BadRequest)]
    public async Task MistakesOfTheOperator_AreToldInWords(string method, string path, string? body, HttpStatusCode status)
    {
        Reply reply = await TestServer.SendAsync(shared.Server.Admin, new HttpMethod(method), path, body);

        reply.Status.ShouldBe(status, reply.Text);
        reply.Error.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(20);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<Reply> GetAsync(string path) => (await TestServer.SendAsync(shared.Server.Admin, HttpMethod.Get, path, null)).ShouldBe(HttpStatusCode.OK);

    private static Task<Reply> SendAsync(TestServer server, HttpMethod method, string path, string? json) => TestServer.SendAsync(server.Admin, method, path, json);

    private static async Task<string?> ModelOfAsync(TestServer server) =>
        (await server.PostAsync("/v1/chat/completions", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("model").GetString();

    private static async Task<Reply> UploadAsync(TestServer server, string name, byte[] zip)
    {
        using ByteArrayContent content = new(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using HttpResponseMessage response = await server.Admin.PostAsync($"/admin/modules/{name}", content, Token);
        return await Reply.OfAsync(response);
    }
}
