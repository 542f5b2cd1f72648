using System.Net;
using System.Security.Cryptography;
using System.Text;
using SkPeft.Http.Keys;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class KeyTests : IDisposable
{
    private const string Full = "key-of-everything-0123456789";
    private const string Bound = "key-of-sentiment-0123456789";
    private const string Plain = "key-of-the-base-0123456789";
    private const string Rare = "key-of-two-a-minute-0123456789";
    private const string Boss = "key-of-the-operator-0123456789";
    private const string Hello = """{ "model": "MODEL", "messages": [ { "role": "user", "content": "fine" } ] }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WithoutAKey_NothingIsAnswered_ButProbesAre()
    {
        await using TestServer server = await StartAsync();

        foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Post, "/v1/chat/completions"), (HttpMethod.Get, "/v1/models"), (HttpMethod.Post, "/tokenize"), (HttpMethod.Get, "/metrics") })
        {
            foreach (string? key in new[] { null, "", "wrong", Full + "x" })
            {
                Reply reply = await TestServer.SendAsync(server.Client, method, path, method == HttpMethod.Post ? "{}" : null, key);
                reply.ShouldFail(HttpStatusCode.Unauthorized, null, "invalid_api_key").Header("WWW-Authenticate").ShouldBe("Bearer");
            }
        }

        (await server.GetAsync("/health")).ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync("/ready")).ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync("/metrics", Full)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AKey_MayAskItsModelsOnly()
    {
        await using TestServer server = await StartAsync();

        (await AskAsync(server, "sentiment", Bound)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(server, "sentiment@1", Bound)).ShouldBe(HttpStatusCode.OK);
        foreach (string other in new[] { "topic", "topic@1", "base", "skpeft-tiny", "sentiment+topic", "topic+sentiment@1" })
        {
            (await AskAsync(server, other, Bound)).ShouldFail(HttpStatusCode.Forbidden, "model", "model_not_allowed", "'bound'", "sentiment");
        }

        (await server.PostAsync("/v1/completions", """{ "model": "topic", "prompt": "x" }""", Bound)).ShouldFail(HttpStatusCode.Forbidden, "model", "model_not_allowed");
        (await server.GetAsync("/v1/models/topic", Bound)).ShouldFail(HttpStatusCode.Forbidden, "model", "model_not_allowed");
        Reply list = await server.GetAsync("/v1/models", Bound);
        list.Json.GetProperty("data").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["sentiment", "sentiment@1", "sentiment@prod"]);
        (await AskAsync(server, "topic", Full)).ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync("/v1/models", Plain)).Json.GetProperty("data").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["skpeft-tiny"]);
        (await server.PostAsync("/v1/completions", """{ "model": "skpeft-tiny", "prompt": "x", "max_tokens": 1 }""", Plain)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AKey_ThatHasUsedItsMinute_IsToldWhen_AndOthersAreNot()
    {
        await using TestServer server = await StartAsync();

        (await AskAsync(server, "sentiment", Rare)).ShouldBe(HttpStatusCode.OK).Header("x-ratelimit-remaining-requests").ShouldBe("1");
        (await AskAsync(server, "sentiment", Rare)).ShouldBe(HttpStatusCode.OK);
        Reply third = (await AskAsync(server, "sentiment", Rare)).ShouldFail(HttpStatusCode.TooManyRequests, null, "rate_limit_exceeded", "'rare'", "2 requests a minute");
        int.Parse(third.Header("Retry-After")).ShouldBeInRange(1, 30);
        third.Header("x-ratelimit-limit-requests").ShouldBe("2");
        (await AskAsync(server, "sentiment", Full)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TheAdminsDoor_OpensToAnAdminsKeyOnly()
    {
        await using TestServer server = await StartAsync();

        (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/status", null)).ShouldFail(HttpStatusCode.Unauthorized, null, "invalid_api_key");
        (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/status", null, Full)).ShouldFail(HttpStatusCode.Forbidden, null, "not_admin");
        (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/status", null, Boss)).ShouldBe(HttpStatusCode.OK);
        (await TestServer.SendAsync(server.Client, HttpMethod.Get, "/admin/status", null, Boss)).ShouldFail(HttpStatusCode.NotFound, null, "admin_elsewhere");
    }

    [Theory]
    [InlineData("", "content")]
    [InlineData("{}", "keys")]
    [InlineData("{ \"keys\": [] }", "keys")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"sha256\": \"abc\" } ] }", "keys[0].sha256")]
    [InlineData("{ \"keys\": [ { \"sha256\": \"0123456789012345678901234567890123456789012345678901234567890123\" } ] }", "keys[0].name")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"sha256\": \"0123456789012345678901234567890123456789012345678901234567890123\", \"rate\": 5 } ] }", "keys[0].rate")]
    [InlineData("{ \"keys\": [ { \"name\": \"a\", \"sha256\": \"0123456789012345678901234567890123456789012345678901234567890123\" }, { \"name\": \"b\", \"sha256\": \"0123456789012345678901234567890123456789012345678901234567890123\" } ] }", "keys[1]")]
    public void AKeyFile_ThatCannotBeRead_NamesThePlace(string content, string field)
    {
        string file = _folder.Write("keys.json", content);

        FileFormatException error = Should.Throw<FileFormatException>(() => KeyFile.Read(file, TimeProvider.System));

        error.Message.ShouldStartWith(file);
        error.Field.ShouldBe(field);
    }

    [Fact]
    public void AKeyFile_ThatIsNotThere_SaysSo() =>
        Should.Throw<FileAccessException>(() => KeyFile.Read(_folder.PathOf("none.json"), TimeProvider.System)).Message.ShouldContain("is not there");

    [Fact]
    public void AKeyFile_ThatChanges_IsReadAgain_AndABadOneChangesNothing()
    {
        ManualClock clock = new();
        RecordedLog log = new();
        string file = _folder.Write("ring.json", Keys(Entry("a", Full, ", \"requests_per_minute\": 2")));
        KeyRing ring = new(file, clock);
        ring.Find(Full, log)!.Budget!.TryTake(out _).ShouldBeNull();

        Rewrite(Keys(Entry("a", Full, ", \"requests_per_minute\": 2, \"models\": [ \"topic\" ]"), Entry("b", Bound)));
        ring.Find(Full, log)!.IsRestricted.ShouldBeTrue();
        ring.Find(Bound, log)!.Name.ShouldBe("b");
        ring.Find(Full, log)!.Budget!.TryTake(out int remaining).ShouldBeNull();
        remaining.ShouldBe(0);

        Rewrite("{");
        ring.Find(Bound, log)!.Name.ShouldBe("b");
        log.Lines.ShouldHaveSingleItem().Text.ShouldContain(file);

        Rewrite(Keys(Entry("a", Full)));
        ring.Find(Bound, log).ShouldBeNull();

        void Rewrite(string content)
        {
            DateTime before = File.GetLastWriteTimeUtc(file);
            _folder.Write("ring.json", content);
            File.SetLastWriteTimeUtc(file, before.AddSeconds(1));
            clock.Advance(TimeSpan.FromSeconds(1.5));
        }

        static string Entry(string name, string key, string more = "") => $$"""{ "name": "{{name}}", "sha256": "{{Hash(key)}}"{{more}} }""";

        static string Keys(params string[] entries) => $$"""{ "keys": [ {{string.Join(", ", entries)}} ] }""";
    }

    private async Task<TestServer> StartAsync()
    {
        string file = _folder.Write("keys.json", $$"""
            { "keys": [
                { "name": "full", "sha256": "{{Hash(Full)}}" },
                { "name": "bound", "sha256": "{{Hash(Bound)}}", "models": [ "sentiment" ] },
                { "name": "plain", "sha256": "{{Hash(Plain)}}", "models": [ "base" ] },
                { "name": "rare", "sha256": "{{Hash(Rare)}}", "requests_per_minute": 2 },
                { "name": "boss", "sha256": "{{Hash(Boss).ToUpperInvariant()}}", "admin": true } ] }
            """);
        return await TestServer.StartAsync(TestServer.Settings with { KeyFile = file });
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static Task<Reply> AskAsync(TestServer server, string model, string key) => server.PostAsync("/v1/chat/completions", Hello.Replace("MODEL", model), key);
}
