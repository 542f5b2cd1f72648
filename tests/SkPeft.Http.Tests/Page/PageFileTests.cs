using System.Net;
using System.Security.Cryptography;
using System.Text;
using SkPeft.Testing;

namespace SkPeft.Http.Tests.Page;

/// <summary>How the page's files are served.</summary>
public sealed class PageFileTests(SharedServer shared)
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/page/main.js", "text/javascript; charset=utf-8")]
    [InlineData("/page/theme.css", "text/css; charset=utf-8")]
    [InlineData("/page/icon.svg", "image/svg+xml")]
    public async Task Files_AreServed_AtTheAdminsAddressOnly_UnderAStrictPolicy(string path, string type)
    {
        using HttpResponseMessage response = await shared.Server.Admin.GetAsync(path, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe(type);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'self';");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("frame-ancestors 'none'");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        (await shared.Server.GetAsync(path)).ShouldFail(HttpStatusCode.NotFound, null, "admin_elsewhere");
    }

    [Fact]
    public async Task AFile_ThatTheBrowserHas_IsNotSentAgain()
    {
        using HttpResponseMessage first = await shared.Server.Admin.GetAsync("/page/main.js", Token);
        using HttpRequestMessage request = new(HttpMethod.Get, "/page/main.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await shared.Server.Admin.SendAsync(request, Token);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ThePage_NeedsNoKey_ButItsDataDo()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("keys.json", $$"""{ "keys": [ { "name": "boss", "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("k")))}}", "admin": true } ] }""");
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { KeyFile = file });

        (await server.Admin.GetAsync("/", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (string path in new[] { "/admin/stats", "/admin/runs", "/admin/runs/x" })
        {
            (await TestServer.SendAsync(server.Admin, HttpMethod.Get, path, null)).ShouldFail(HttpStatusCode.Unauthorized, null, "invalid_api_key");
        }

        (await TestServer.SendAsync(server.Admin, HttpMethod.Get, "/admin/stats", null, "k")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void NoFile_NamesAnotherPlace_ButTheNameOfADrawingsLanguage()
    {
        foreach ((string path, Http.Page.PageFile file) in Http.Page.PageFiles.All)
        {
            string text = Encoding.UTF8.GetString(file.Bytes).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            text.ShouldNotContain("http:", customMessage: path);
            text.ShouldNotContain("https:", customMessage: path);
            text.ShouldNotContain("innerHTML", customMessage: path);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
