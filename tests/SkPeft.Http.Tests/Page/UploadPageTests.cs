using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SkPeft.Connectors.Bundles;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

/// <summary>A module comes by the page.</summary>
public sealed class UploadPageTests(Chromium chromium)
{
    [Fact]
    public async Task AZip_BecomesAVersion_WhichCanBePromotedAtOnce()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");
        await page.SettleAsync();
        TaskCompletionSource hold = new();
        await page.Page.RouteAsync("**/admin/modules/topic", async route =>
        {
            await hold.Task;
            await route.ContinueAsync();
        });

        await page.Button("Add a module…").ClickAsync();
        await Zip(page).SetInputFilesAsync(Payload("topic.zip", Module()));
        await Expect(page.Page.GetByLabel("Name")).ToHaveValueAsync("topic");
        await page.Button("Add").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Expect(page.Button("Add")).ToBeDisabledAsync();
        hold.SetResult();

        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("topic@2 was added");
        await Expect(page.Page.Locator("[data-reference='topic@2']")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("[data-resolved=topic]")).ToHaveTextAsync("topic@1");
        await page.Page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Promote…" }).ClickAsync();
        await page.Page.GetByLabel("Alias").PressAsync("Enter");
        await Expect(page.Page.Locator("[data-resolved=topic]")).ToHaveTextAsync("topic@2");
        page.ShouldBeClean();
    }

    [Fact]
    public async Task WhatIsWrong_IsSaidInTheDialog_WhichKeepsWhatWasEntered()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Settings with { MaxUploadBytes = 1 << 20 });
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");
        await page.SettleAsync();
        await page.Button("Add a module…").ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog), reason = dialog.GetByRole(AriaRole.Alert);

        await page.Button("Add").ClickAsync();
        await Expect(reason).ToHaveTextAsync("Choose a zip first.");
        (string File, byte[] Bytes, string Said)[] wrong =
        [
            ("mine.zip", ZipBytes.Text("no zip"), "The zip is not accepted"),
            ("mine.zip", ZipBytes.Of(("readme.md", ZipBytes.Text("x"))), "adapter_config.json"),
            ("mine.zip", ZipBytes.Of(("../adapter_config.json", ZipBytes.Text("x"))), "is not the name of a file inside a folder"),
            ("mine.zip", new byte[3 << 20], "MaxUploadBytes"),
        ];
        foreach ((string file, byte[] bytes, string said) in wrong)
        {
            await Zip(page).SetInputFilesAsync(Payload(file, bytes));
            await Expect(reason).ToBeHiddenAsync();
            await page.Button("Add").ClickAsync();
            await Expect(reason).ToContainTextAsync(said);
        }

        await Zip(page).SetInputFilesAsync(Payload("other.zip", Module()));
        await Expect(page.Page.GetByLabel("Name")).ToHaveValueAsync("mine");
        await page.Page.GetByLabel("Name").FillAsync("no such name!");
        await page.Page.GetByLabel("Name").PressAsync("Enter");
        await Expect(reason).ToContainTextAsync("no such name!");
        await page.Page.GetByLabel("Name").FillAsync("mine");
        await page.Page.GetByLabel("Name").PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("mine@1 was added");
        page.ShouldBeClean("the server responded with a status of 4", "net::ERR");
    }

    [Fact]
    public async Task TheDialog_IsLeftWithTheKeyboard_AndNothingIsAdded()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");
        await page.SettleAsync();
        await page.Page.RouteAsync("**/admin/modules/late", route => Task.CompletedTask);

        await page.Button("Add a module…").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(Zip(page)).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.GetByLabel("Name")).ToBeFocusedAsync();
        await Zip(page).SetInputFilesAsync(Payload("late.zip", Module()));
        await page.Page.GetByLabel("Name").PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");

        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Button("Add a module…")).ToBeFocusedAsync();
        server.Served.Runtime.Store.List().ShouldNotContain(l => l.Version.Name == "late");
        page.ShouldBeClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    [InlineData(ColorScheme.Light, 375)]
    public async Task TheDialog_CanBeReadByEverybody(ColorScheme scheme, int width)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills", width, scheme);
        await page.SettleAsync();
        await page.Button("Add a module…").ClickAsync();
        await Zip(page).SetInputFilesAsync(Payload("a-file-whose-name-is-longer-than-the-place-that-it-has-on-a-phone.zip", ZipBytes.Text("no zip")));
        await page.Button("Add").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        AxeResult result = await page.Page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") });
        result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}")).ShouldBeEmpty();
        string[] outside = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('dialog, dialog *')].filter(e => { const b = e.getBoundingClientRect(); return b.width > 0 && (b.right > innerWidth || b.left < 0); }).map(e => e.outerHTML.slice(0, 120))");
        outside.ShouldBeEmpty();
        page.ShouldBeClean("the server responded with a status of 400");
    }

    private static ILocator Zip(OpenedPage page) => page.Page.GetByLabel("Zip of the adapter's folder");

    private static FilePayload Payload(string name, byte[] bytes) => new() { Name = name, MimeType = "application/zip", Buffer = bytes };

    // The skill's own adapter with a file more: other content, so another version.
    private static byte[] Module()
    {
        string folder = ModelBundle.OpenShipped().Skills.Single(s => s.Definition.Name == "topic").Adapter;
        return ZipBytes.Of([.. Directory.GetFiles(folder, "adapter_*").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))), ("README.md", ZipBytes.Text("another"))]);
    }
}
