using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

/// <summary>Whether everybody can read and use it: contrast and names (axe, WCAG 2.2 AA), keyboard, narrow screens, both themes.</summary>
public sealed class LookTests(SharedServer shared, Chromium chromium)
{
    private static readonly string[] s_views = ["overview", "skills", "plugins", "playground", "training"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task EveryView_IsAccessible(ColorScheme scheme, int width)
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/", width, scheme);
        foreach (string view in s_views)
        {
            await page.Page.EvaluateAsync($"() => location.hash = '#/{view}'");
            await page.SettleAsync();
            if (view == "playground")
            {
                await page.Page.GetByLabel("Input").FillAsync("great fun");
                await page.Button("Ask").ClickAsync();
                await Expect(page.Main.Locator(".answer .receipt").First).ToBeVisibleAsync();
                await Expect(page.Main.Locator(".answer .pill.wait")).ToHaveCountAsync(0);
            }

            if (view == "plugins")
            {
                // A few of many cards that are alike: axe looks at every one.
                await page.Page.GetByLabel("Filter plugins").FillAsync("prefix");
            }

            AxeResult result = await page.Page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") });

            string[] found = [.. result.Violations.SelectMany(v => v.Nodes.Select(n => $"{view}: {v.Id}: {n.Html} {string.Join("; ", n.Any.Select(a => a.Message))}"))];
            found.ShouldBeEmpty();
        }

        page.ShouldBeClean();
    }

    [Theory]
    [InlineData(320)]
    [InlineData(375)]
    [InlineData(900)]
    public async Task NothingIsCutOff_OnANarrowScreen(int width)
    {
        // A composition has the longest name that there can be in the overview.
        (await shared.Server.PostAsync("/v1/completions", """{ "model": "topic@1*0.25+describe@1*0.75+family@1", "prompt": "x", "max_tokens": 1 }""")).ShouldBe(System.Net.HttpStatusCode.OK);
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/", width);
        foreach (string view in s_views)
        {
            await page.Page.EvaluateAsync($"() => location.hash = '#/{view}'");
            await page.SettleAsync();

            int[] widths = await page.Page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
            widths[0].ShouldBeLessThanOrEqualTo(widths[1], view);
            string[] outside = await page.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('main *, .tabs *, .head *')].filter(e => { const b = e.getBoundingClientRect(); return b.width > 0 && (b.right > innerWidth + 1 || b.left < -1); }).map(e => e.outerHTML.slice(0, 120))
                """);
            outside.ShouldBeEmpty(view);
        }
    }

    [Fact]
    public async Task EverythingCanBeDone_WithTheKeyboard()
    {
        await using TestServer server = await TestServer.StartAsync();
        await SecondVersion.AddAsync(server, "topic");
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl);
        await page.SettleAsync();

        // The first stop is the way past the navigation; then come the pages.
        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.Locator("#skip")).ToBeFocusedAsync();
        await Expect(page.Page.Locator("#skip")).ToBeInViewportAsync();
        for (int i = 0; i < 3; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(page.Page.Locator(".tabs a").Nth(1)).ToBeFocusedAsync();
        (await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle")).ShouldBe("solid");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("h1")).ToHaveTextAsync("Skills");
        await Expect(page.Page.Locator("h1")).ToBeFocusedAsync();

        await TabToAsync(page, "Promote topic@2");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByLabel("Alias")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        server.Served.Runtime.Store.Resolve("topic@prod").Number.ShouldBe(1);

        await TabToAsync(page, "Promote topic@2");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByLabel("Alias")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("[data-resolved=topic]")).ToHaveTextAsync("topic@2");

        // The list was drawn anew; whoever was in it still is.
        await Expect(page.Button("Promote topic@2")).ToBeFocusedAsync();
        page.ShouldBeClean();
    }

    [Fact]
    public async Task TheTheme_FollowsTheSystem_UntilItIsChosen_AndIsRemembered()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/", scheme: ColorScheme.Dark);
        string dark = await BackgroundAsync();
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        string light = await BackgroundAsync();
        light.ShouldNotBe(dark);

        await page.Button("Theme: system").ClickAsync();
        await page.Button("Theme: light").ClickAsync();
        (await BackgroundAsync()).ShouldBe(dark);
        await page.Page.ReloadAsync();
        await Expect(page.Button("Theme: dark")).ToBeVisibleAsync();
        (await BackgroundAsync()).ShouldBe(dark);
        page.ShouldBeClean();

        Task<string> BackgroundAsync() => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    private static async Task TabToAsync(OpenedPage page, string name)
    {
        for (int i = 0; i < 60; i++)
        {
            if (await page.Page.EvaluateAsync<string?>("() => document.activeElement.getAttribute('aria-label')") == name)
            {
                return;
            }

            await page.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"'{name}' was not reached with the Tab key.");
    }
}
