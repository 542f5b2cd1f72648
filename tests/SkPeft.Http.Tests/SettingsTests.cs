using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Hosting;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void NothingGiven_IsTheDefaults() => Text(Read("{}")).ShouldBe(Text(new HttpSettings()));

    [Fact]
    public void EverythingGiven_IsRead()
    {
        HttpSettings settings = Read("""
            { "SkPeftHttp": { "Urls": [ "http://*:80", "http://unix:/run/skpeft.sock" ], "AdminUrls": "http://localhost:81", "KeyFile": "keys.json", "MaxRequestBytes": 1, "MaxUploadBytes": 2,
              "MaxUnpackedBytes": 3, "RequestTimeoutSeconds": 4, "ShutdownTimeoutSeconds": 0, "MaxChoices": 5, "CorsOrigins": "https://a.example", "LoraFolders": "/loras", "RunFolders": [ "/runs" ], "OtlpEndpoint": "http://c:4318" } }
            """);

        Text(settings).ShouldBe(Text(new HttpSettings
        {
            Urls = ["http://*:80", "http://unix:/run/skpeft.sock"], AdminUrls = ["http://localhost:81"], KeyFile = "keys.json", MaxRequestBytes = 1, MaxUploadBytes = 2, MaxUnpackedBytes = 3,
            RequestTimeoutSeconds = 4, ShutdownTimeoutSeconds = 0, MaxChoices = 5, CorsOrigins = ["https://a.example"], LoraFolders = ["/loras"], RunFolders = ["/runs"], OtlpEndpoint = "http://c:4318",
        }));
    }

    [Theory]
    [InlineData("\"Url\": \"http://x\"", "SkPeftHttp:Url: ")]
    [InlineData("\"Urls\": \"https://127.0.0.1:1\"", "SkPeftHttp:Urls: 'https://127.0.0.1:1' has the scheme")]
    [InlineData("\"Urls\": \"nonsense\"", "SkPeftHttp:Urls: 'nonsense' ")]
    [InlineData("\"Urls\": \"http://example.com:80\"", "SkPeftHttp:Urls: ")]
    [InlineData("\"Urls\": \"http://127.0.0.1:99999\"", "SkPeftHttp:Urls: ")]
    [InlineData("\"AdminUrls\": \"http://0.0.0.0:81\"", "SkPeftHttp:AdminUrls: 'http://0.0.0.0:81' can be reached from other machines")]
    [InlineData("\"AdminUrls\": \"http://*:81\"", "SkPeftHttp:AdminUrls: ")]
    [InlineData("\"CorsOrigins\": \"*\"", "SkPeftHttp:CorsOrigins: ")]
    [InlineData("\"CorsOrigins\": \"https://a.example/path\"", "SkPeftHttp:CorsOrigins: ")]
    [InlineData("\"OtlpEndpoint\": \"collector\"", "SkPeftHttp:OtlpEndpoint: ")]
    [InlineData("\"MaxRequestBytes\": 0", "SkPeftHttp:MaxRequestBytes: ")]
    public void WhatCannotBeServed_IsNamedByKey(string setting, string problem) =>
        Should.Throw<ConfigurationException>(() => Read($$"""{ "SkPeftHttp": { {{setting}} } }""")).Problems.ShouldContain(p => p.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void Create_ChecksSettingsThatNoFileHasSeen() =>
        Should.Throw<ConfigurationException>(() => PeftHttpServer.Create(new SkPeftSettings { Model = "m", Store = "s" }, new HttpSettings { Urls = [] }, Path.GetTempPath())).Message.ShouldContain("SkPeftHttp:Urls");

    [Theory]
    [InlineData("http://*:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://[::1]:0")]
    public async Task EveryFormOfAnAddress_IsListenedAt(string url)
    {
        Assert.SkipUnless(!url.Contains("::1", StringComparison.Ordinal) || Socket.OSSupportsIPv6, "This system has no IPv6.");
        await using PeftHttpServer server = PeftHttpServer.Create(new SkPeftSettings { Model = "m", Store = "s" }, new HttpSettings { Urls = [url] }, Path.GetTempPath());
        await server.StartAsync(TestContext.Current.CancellationToken);

        using HttpClient client = new() { BaseAddress = new Uri(server.Urls.Single()) };
        client.BaseAddress.Port.ShouldBeGreaterThan(0);
        (await client.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task ASocketFile_IsListenedAt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Socket files are tried on Unix.");
        using TemporaryFolder folder = new();
        string file = folder.PathOf("s.sock");
        await using PeftHttpServer server = PeftHttpServer.Create(new SkPeftSettings { Model = "m", Store = "s" }, new HttpSettings { Urls = [$"http://unix:{file}"], AdminUrls = [$"http://unix:{file}.admin"] }, folder.Root);
        await server.StartAsync(TestContext.Current.CancellationToken);

        server.Urls.ShouldBe([$"http://unix:{file}"]);
        foreach ((string path, string name, int status) in new[] { (file, "/admin/status", 404), ($"{file}.admin", "/admin/status", 200), (file, "/health", 200) })
        {
            using SocketsHttpHandler handler = new()
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            using HttpClient client = new(handler);
            ((int)(await client.GetAsync($"http://localhost{name}", TestContext.Current.CancellationToken)).StatusCode).ShouldBe(status, path + name);
        }
    }

    [Fact]
    public void TheSettingsInDeploy_CanBeRead()
    {
        IConfigurationRoot file = new ConfigurationBuilder().AddJsonFile(Path.Combine(SharedFolder.RepositoryRoot, "deploy", "appsettings.json")).Build();

        HttpSettings.Read(file).ShutdownTimeoutSeconds.ShouldBe(45);
        SkPeftSettings.Read(file).Skills.ShouldHaveSingleItem().Adapter.ShouldBe("sentiment@prod");
    }

    private static string Text(HttpSettings settings) => JsonSerializer.Serialize(settings);

    private static HttpSettings Read(string json) => HttpSettings.Read(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
}
