using System.Text.Json;

namespace SkPeft.Host.Tests;

public class AdaptersTests(TinyModelFixture tiny) : IClassFixture<TinyModelFixture>
{
    [Fact]
    public async Task AVersion_LivesAndGoes()
    {
        string store = tiny.New("store"), second = tiny.New("lora"), copy = tiny.New("copy");
        SkPeft.Testing.TinyLlama.WriteLora(second, seed: 4);

        (await RunAsync(store, "add", "tone", tiny.Lora)).GetProperty("reference").GetString().ShouldBe("tone@1");
        (await RunAsync(store, "add", "tone", tiny.Lora)).GetProperty("is_new").GetBoolean().ShouldBeFalse();
        (await RunAsync(store, "add", "tone", second)).GetProperty("version").GetInt32().ShouldBe(2);
        (await RunAsync(store, "promote", "tone@1", "prod")).GetRawText().ShouldBe("""{"name":"tone","alias":"prod","from":null,"to":1}""");
        (await RunAsync(store, "promote", "tone@2", "prod")).GetProperty("from").GetInt32().ShouldBe(1);
        (await RunAsync(store, "list")).EnumerateArray().Select(v => (v.GetProperty("reference").GetString(), v.GetProperty("aliases").GetArrayLength()))
            .ShouldBe([("tone@1", 0), ("tone@2", 1)]);
        (await RunAsync(store, "rollback", "tone", "prod")).GetProperty("to").GetInt32().ShouldBe(1);
        (await RunAsync(store, "show", "tone@prod")).GetProperty("files").EnumerateArray().Select(f => f.GetProperty("path").GetString())
            .ShouldBe(["adapter_config.json", "adapter_model.safetensors"]);
        _ = await RunAsync(store, "export", "tone@2", copy);
        File.ReadAllBytes(Path.Combine(copy, "adapter_model.safetensors")).ShouldBe(File.ReadAllBytes(Path.Combine(second, "adapter_model.safetensors")));
        await ToolRun.FailsAsync(1, ["adapters", "remove", "tone@1", "--store", store, "--json"], "tone@prod");
        (await RunAsync(store, "remove", "tone@2")).GetProperty("reference").GetString().ShouldBe("tone@2");
        (await RunAsync(store, "gc")).GetProperty("bytes").GetInt64().ShouldBeGreaterThan(0);
        (await RunAsync(store, "verify")).GetProperty("sound").GetBoolean().ShouldBeTrue();
        await ToolRun.FailsAsync(1, ["adapters", "show", "tone@2", "--store", store, "--json"], "tone@2");
    }

    [Fact]
    public async Task Verify_ADamagedFile_IsNamed_AndTheCodeIs1()
    {
        string store = tiny.New("store");
        JsonElement added = await RunAsync(store, "add", "tone", tiny.Lora);
        string blob = Directory.GetFiles(Path.Combine(store, "blobs"), "*", SearchOption.AllDirectories).MaxBy(f => new FileInfo(f).Length)!;
        File.SetAttributes(blob, FileAttributes.Normal);
        File.AppendAllText(blob, "x");

        ToolRun run = await ToolRun.OfAsync("adapters", "verify", "--store", store, "--json");

        run.Code.ShouldBe(1);
        run.Error.ShouldContain("damaged");
        run.Json.GetProperty("versions")[0].GetProperty("problems")[0].GetProperty("path").GetString().ShouldBe("adapter_model.safetensors");
        await ToolRun.FailsAsync(1, ["generate", tiny.Model, "--prompt", "a", "--adapter", added.GetProperty("reference").GetString()!, "--store", store, "--json"], "SHA-256");
    }

    [Fact]
    public async Task WrongNames_AreExplained()
    {
        string store = tiny.New("store");
        await ToolRun.FailsAsync(1, ["adapters", "add", "no name", tiny.Lora, "--store", store], "no name");
        await ToolRun.FailsAsync(1, ["adapters", "add", "tone", tiny.Model, "--store", store], "adapter_config.json");
        await ToolRun.FailsAsync(1, ["adapters", "show", "tone@prod", "--store", store, "--json"], "tone@prod");
        await ToolRun.FailsAsync(1, ["adapters", "promote", "tone", "latest", "--store", store], "latest");
        Directory.Exists(store).ShouldBeFalse();
    }

    [Fact]
    public async Task ForPeople_ThereAreSentences()
    {
        string store = tiny.New("store");

        (await ToolRun.OfAsync("adapters", "list", "--store", store)).Out.ShouldContain("empty");
        (await ToolRun.OfAsync("adapters", "add", "tone", tiny.Lora, "--store", store)).Out.ShouldContain("added tone@1");
        (await ToolRun.OfAsync("adapters", "list", "--store", store)).Out.ShouldContain("tone@1");
        (await ToolRun.OfAsync("adapters", "promote", "tone", "prod", "--store", store)).Out.ShouldContain("tone@prod names version 1 now");
        (await ToolRun.OfAsync("adapters", "show", "tone", "--store", store)).Out.ShouldContain("adapter_model.safetensors");
        (await ToolRun.OfAsync("adapters", "verify", "--store", store)).Out.ShouldContain("1 versions, 0 damaged");
    }

    private static Task<JsonElement> RunAsync(string store, params string[] args) => ToolRun.JsonOfAsync(["adapters", .. args, "--store", store]);
}
