using System.Net;
using System.Text.Json;
using SkPeft.Http.Chat;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Tests;

public sealed class OpenApiTests(SharedServer shared)
{
    [Fact]
    public async Task TheDocument_HasEveryPath_AndTheParametersThatBodiesAreCheckedAgainst()
    {
        JsonElement document = (await shared.Server.GetAsync("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;

        string[] paths = [.. document.GetProperty("paths").EnumerateObject().Select(p => p.Name)];
        paths.ShouldBe(
            [
                "/v1/chat/completions", "/v1/completions", "/v1/models", "/v1/models/{id}", "/tokenize", "/detokenize", "/v1/load_lora_adapter", "/v1/unload_lora_adapter", "/health", "/ready", "/metrics",
                "/admin/status", "/admin/stats", "/admin/runs", "/admin/runs/{id}", "/admin/modules", "/admin/modules/{reference}", "/admin/modules/{name}", "/admin/modules/{name}/aliases/{alias}", "/admin/modules/{name}/aliases/{alias}/rollback",
                "/admin/skills", "/admin/plugins", "/admin/plugins/refresh", "/admin/plugins/{name}/reload",
            ],
            ignoreOrder: true);
        JsonElement schema = document.GetProperty("paths").GetProperty("/v1/chat/completions").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        schema.GetProperty("properties").EnumerateObject().Select(p => p.Name)
            .ShouldBe(ChatParameters.Table.Parameters.Where(p => p.Fate != ParameterFate.Refused).Select(p => p.Name), ignoreOrder: true);
        schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(["model", "messages"], ignoreOrder: true);
    }

    [Fact]
    public async Task TheDocument_IsAlsoWhereOthersHaveIt() =>
        (await shared.Server.GetAsync("/openapi.json")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe((await shared.Server.GetAsync("/openapi/v1.json")).Text);

    [Fact]
    public async Task EveryPlaceInAPath_IsAParameter_AndTheUploadHasABody()
    {
        JsonElement paths = (await shared.Server.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");

        foreach (JsonProperty path in paths.EnumerateObject())
        {
            string[] places = [.. path.Name.Split('{').Skip(1).Select(p => p[..p.IndexOf('}', StringComparison.Ordinal)])];
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                string[] declared = operation.Value.TryGetProperty("parameters", out JsonElement parameters) ? [.. parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()!)] : [];
                declared.ShouldBe(places, $"{operation.Name} {path.Name}");
            }
        }

        paths.GetProperty("/admin/modules/{name}").GetProperty("post").GetProperty("requestBody").GetProperty("content").EnumerateObject().Single().Name.ShouldBe("application/zip");
    }

    [Fact]
    public async Task Answers_HaveTheFieldsThatTheDocumentDescribes()
    {
        JsonElement document = (await shared.Server.GetAsync("/openapi/v1.json")).Json;
        JsonElement schema = document.GetProperty("components").GetProperty("schemas").GetProperty("ChatCompletion").GetProperty("properties");

        JsonElement answer = (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).Json;

        answer.EnumerateObject().Select(p => p.Name).ShouldBe(schema.EnumerateObject().Select(p => p.Name), ignoreOrder: true);
    }
}
