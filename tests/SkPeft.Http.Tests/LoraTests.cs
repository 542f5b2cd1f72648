using System.Net;
using System.Text.Json;
using SkPeft.Connectors.Bundles;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class LoraTests(SharedServer shared) : IDisposable
{
    private const string Load = "/v1/load_lora_adapter";
    private const string Unload = "/v1/unload_lora_adapter";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Load)]
    [InlineData(Unload)]
    public async Task UnlessConfigured_ItIsOff(string path) =>
        (await shared.Server.PostAsync(path, """{ "lora_name": "x", "lora_path": "/tmp" }""")).ShouldFail(HttpStatusCode.NotFound, null, "not_enabled", "LoraFolders");

    [Fact]
    public async Task AModule_ComesAndGoesByName()
    {
        string path = CopyOf("topic");
        await using TestServer server = await StartAsync();

        (await LoadAsync(server, "mine", path)).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("Success: LoRA adapter 'mine' added successfully.");
        (await server.PostAsync("/v1/completions", """{ "model": "mine", "prompt": "News: Shares fell.\nTopic:", "max_tokens": 1 }""")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("model").GetString().ShouldBe("mine@1");
        (await server.GetAsync("/v1/models/mine")).Json.GetProperty("parent").GetString().ShouldBe("skpeft-tiny");
        (await LoadAsync(server, "mine", path)).ShouldFail(HttpStatusCode.BadRequest, "lora_name", "already_loaded", "already been loaded");
        (await server.PostAsync(Unload, """{ "lora_name": "mine", "lora_int_id": 1 }""")).ShouldBe(HttpStatusCode.OK).Header("X-SkPeft-Ignored").ShouldBe("lora_int_id");
        (await server.GetAsync("/v1/models/mine")).ShouldFail(HttpStatusCode.NotFound, "model", "model_not_found");
        (await server.PostAsync(Unload, """{ "lora_name": "mine" }""")).ShouldFail(HttpStatusCode.NotFound, "lora_name", "adapter_not_found");
    }

    [Fact]
    public async Task OtherFolders_CannotBeRead()
    {
        using TemporaryFolder elsewhere = new();
        string outside = CopyOf("topic", elsewhere);
        Directory.CreateSymbolicLink(_folder.PathOf("link"), outside);
        await using TestServer server = await StartAsync();

        foreach (string path in new[] { outside, _folder.PathOf("link"), $"{_folder.Root}/../{Path.GetFileName(elsewhere.Root)}/topic", "/etc", _folder.Root })
        {
            (await LoadAsync(server, "mine", path)).ShouldFail(HttpStatusCode.Forbidden, "lora_path", "path_not_allowed");
        }

        foreach (string path in new[] { _folder.PathOf("nothing"), "relative", "", "a\u0000b" })
        {
            Reply reply = await LoadAsync(server, "mine", path);
            reply.Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task WhatTheOperatorServes_AClientDoesNotTakeAway()
    {
        await using TestServer server = await StartAsync();

        (await server.PostAsync(Unload, """{ "lora_name": "topic" }""")).ShouldFail(HttpStatusCode.Conflict, null, "adapter_in_use", "prod");
        (await LoadAsync(server, "topic", CopyOf("topic"))).ShouldFail(HttpStatusCode.BadRequest, "lora_name", "already_loaded");
        (await server.PostAsync(Load, """{ "lora_name": "bad name", "lora_path": "/tmp" }""")).ShouldFail(HttpStatusCode.BadRequest, "lora_name", "invalid_value");
        (await server.PostAsync(Load, $$"""{ "lora_name": "x", "lora_path": {{JsonSerializer.Serialize(CopyOf("family"))}}, "base_model_name": "llama" }""")).ShouldFail(HttpStatusCode.BadRequest, "base_model_name", "invalid_value");
    }

    [Fact]
    public async Task AFolder_ThatIsNoModule_DoesNotStay()
    {
        Directory.CreateDirectory(_folder.PathOf("empty"));
        await using TestServer server = await StartAsync();

        (await LoadAsync(server, "empty", _folder.PathOf("empty"))).ShouldFail(HttpStatusCode.BadRequest, null, "file-format", "adapter_config.json");
        (await server.GetAsync("/v1/models/empty")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(TestServer.Settings with { LoraFolders = [_folder.Root] });

    private static Task<Reply> LoadAsync(TestServer server, string name, string path) =>
        server.PostAsync(Load, $$"""{ "lora_name": "{{name}}", "lora_path": {{JsonSerializer.Serialize(path)}} }""");

    private string CopyOf(string skill, TemporaryFolder? to = null)
    {
        string source = ModelBundle.OpenShipped().Skills.Single(s => s.Definition.Name == skill).Adapter;
        string target = (to ?? _folder).PathOf(skill);
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        return target;
    }
}
