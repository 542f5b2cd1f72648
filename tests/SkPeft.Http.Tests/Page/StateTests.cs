using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using SkPeft.Connectors.Hosting;
using SkPeft.Testing;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

/// <summary>What the page says when there is nothing, not yet, not any more, or not without a key.</summary>
public sealed class StateTests(SharedServer shared, Chromium chromium)
{
    [Fact]
    public async Task AServer_ThatIsGone_LeavesTheLastNumbers_MarkedAsOld()
    {
        TestServer server = await TestServer.StartAsync();
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl);
        await Expect(page.Page.Locator("#state")).ToHaveTextAsync("Ready");
        await page.SettleAsync();

        await server.DisposeAsync();

        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The server does not answer. What is shown is from");
        await Expect(page.Page.Locator("#state")).ToHaveTextAsync("Unreachable");
        await Expect(page.Main).ToContainClassAsync("stale");
        await Expect(page.Main).ToContainTextAsync("Throughput");
        await Expect(page.Button("Try again")).ToBeVisibleAsync();
        page.ShouldBeClean("Failed to load resource");
    }

    [Fact]
    public async Task AServer_ThatCannotOpenItsModel_SaysWhy()
    {
        using TemporaryFolder folder = new();
        await using PeftHttpServer server = PeftHttpServer.Create(new SkPeftSettings { Model = "none.gguf", Store = "store" }, TestServer.Settings, folder.Root);
        await server.StartAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<ConfigurationException>(() => server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrls[0]);

        await Expect(page.Page.Locator("#state")).ToHaveTextAsync("Failed");
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("SkPeft:Model: none: there is no such file");
        await page.GoAsync("Training");
        await Expect(page.Main).ToContainTextAsync("--run-folders");
        page.ShouldBeClean("the server responded with a status of 503");
    }

    [Fact]
    public async Task AServer_WithKeys_IsOpenedByAnAdministratorsKey_AndNoOther()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("keys.json", $$"""{ "keys": [ { "name": "boss", "sha256": "{{Hash("boss-key-0123456789")}}", "admin": true }, { "name": "guest", "sha256": "{{Hash("guest-key-0123456789")}}" } ] }""");
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { KeyFile = file });
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");
        ILocator input = page.Page.GetByLabel("Key of an administrator");

        await input.FillAsync("guest-key-0123456789");
        await input.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("is not an admin's");
        await input.FillAsync("boss-key-0123456789");
        await page.Button("Use this key").ClickAsync();

        await Expect(page.Page.Locator("#state")).ToHaveTextAsync("Ready");
        await Expect(page.Page.Locator("[data-resolved=sentiment]")).ToHaveTextAsync("sentiment@1");
        await page.GoAsync("Playground");
        await page.Page.GetByLabel("Input").FillAsync("great fun");
        await page.Button("Ask").ClickAsync();
        await Expect(page.Main.Locator(".answer .receipt").First).ToBeVisibleAsync();
        (await page.Page.EvaluateAsync<string>("() => JSON.stringify(localStorage) + document.cookie")).ShouldNotContain("boss-key");
        page.ShouldBeClean("status of 401", "status of 403");
    }

    [Fact]
    public async Task WithoutRuns_TheTrainingView_SaysHowTheyGetThere()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/#/training");

        await Expect(page.Main).ToContainTextAsync("No folder of runs");
        await Expect(page.Main).ToContainTextAsync("--run-folders DIR");
        page.ShouldBeClean();
    }

    [Fact]
    public async Task Runs_AreListed_WithTheirCurves()
    {
        using TemporaryFolder folder = new();
        RunFolder.Write(folder, "sentiment-lora", 40, 40, isFinished: true);
        RunFolder.Write(folder, "topic-iapt", 12, 100, isFinished: false);
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { RunFolders = [folder.Root] });
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/training/sentiment-lora");

        ILocator runs = page.Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Runs" });
        await Expect(runs.GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        await Expect(runs.Locator("[aria-current]")).ToContainTextAsync("sentiment-lora");
        await Expect(page.Main.Locator(".chart polyline")).ToHaveCountAsync(4);
        await Expect(page.Main.Locator(".legend")).ToContainTextAsync("held-out loss");
        await runs.GetByRole(AriaRole.Link).Filter(new LocatorFilterOptions { HasText = "topic-iapt" }).ClickAsync();
        await Expect(page.Main.Locator(".facts")).ToContainTextAsync("12 of 100");
        page.ShouldBeClean();
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
