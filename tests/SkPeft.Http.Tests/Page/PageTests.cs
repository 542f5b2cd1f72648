using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

/// <summary>What the page shows, in a real browser.</summary>
public sealed class PageTests(SharedServer shared, Chromium chromium)
{
    [Fact]
    public async Task TheOverview_ShowsWhoAnswered_HowFast_AndInHowMuchMemory()
    {
        await AskAsync(shared.Server, "sentiment", "great fun");
        await AskAsync(shared.Server, "describe", "name[The Eagle], food[French]");
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl);

        await Expect(page.Page.Locator("#state")).ToHaveTextAsync("Ready");
        await Expect(page.Page.Locator("#model")).ToHaveTextAsync("skpeft-tiny");
        ILocator batch = page.Main.GetByRole(AriaRole.Region, new LocatorGetByRoleOptions { Name = "Batch composition" });
        await Expect(batch.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasTextRegex = Named("sentiment@1") })).ToContainTextAsync("SKPEFT_IAPT");
        await Expect(batch.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasTextRegex = Named("describe@1") })).ToContainTextAsync("LORA");
        await page.Button("Method").ClickAsync();
        await Expect(page.Button("Method")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(batch.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasTextRegex = Named("sentiment@1") })).ToHaveCountAsync(0);
        await Expect(page.Main.GetByRole(AriaRole.Region, new LocatorGetByRoleOptions { Name = "Latency" })).ToContainTextAsync("first token");
        await Expect(page.Main.GetByRole(AriaRole.Region, new LocatorGetByRoleOptions { Name = "Memory" })).ToContainTextAsync("loaded");
        await Expect(page.Main.Locator(".chart svg").First).ToHaveAttributeAsync("aria-label", new Regex("of answers and .* of prompts"));
        page.ShouldBeClean();
    }

    [Fact]
    public async Task EveryView_Opens_WithoutAComplaint_AndWithoutAskingAnybodyElse()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl);

        foreach (string view in new[] { "Skills", "Plugins", "Playground", "Training", "Overview" })
        {
            await page.GoAsync(view);
            await Expect(page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = view, Exact = true })).ToHaveAttributeAsync("aria-current", "page");
            await Expect(page.Page).ToHaveTitleAsync($"{view} · SkPeft");
        }

        page.ShouldBeClean();
    }

    [Fact]
    public async Task Plugins_AreListed_WithTheirMethods_AndCanBeFiltered()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/#/plugins");

        ILocator lora = page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Plugin SkPeft.Peft.Lora", Exact = true });
        await Expect(lora).ToContainTextAsync("LORA");
        await Expect(lora).ToContainTextAsync("active");
        await page.Page.GetByLabel("Filter plugins").FillAsync("prefix");
        await Expect(lora).ToHaveCountAsync(0);
        await Expect(page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Plugin SkPeft.Peft.Prefix" })).Not.ToHaveCountAsync(0);
        await page.Page.GetByLabel("Filter plugins").FillAsync("nothing is called so");
        await Expect(page.Main).ToContainTextAsync("None like that");
        page.ShouldBeClean();
    }

    [Fact]
    public async Task ThePlayground_AsksSeveral_SideBySide_AndDrawsProbabilities()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/#/playground");
        await page.SettleAsync();
        ILocator chosen = page.Page.GetByRole(AriaRole.Checkbox, new PageGetByRoleOptions { Checked = true });
        while (await chosen.CountAsync() > 0)
        {
            await chosen.First.UncheckAsync();
        }

        await page.Page.Locator("input[value=sentiment]").CheckAsync();
        await page.Page.Locator("input[value='topic@1']").CheckAsync();
        await page.Page.Locator("input[value=describe]").CheckAsync();
        await page.Page.GetByLabel("Input").FillAsync("a warm , funny and beautifully acted film");
        await page.Page.GetByLabel("Input").PressAsync("Control+Enter");

        ILocator Card(string name) => page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = $"Answer of {name}", Exact = true });
        JsonElement answer = (await AskAsync(shared.Server, "sentiment", "a warm , funny and beautifully acted film")).GetProperty("skpeft");
        await Expect(Card("sentiment").Locator(".text")).ToHaveTextAsync(answer.GetProperty("probabilities").EnumerateObject().MaxBy(p => p.Value.GetDouble()).Name);
        await Expect(Card("sentiment").Locator(".probability")).ToHaveCountAsync(2);
        double top = answer.GetProperty("probabilities").EnumerateObject().Max(p => p.Value.GetDouble());
        await Expect(Card("sentiment").Locator(".probability.top")).ToContainTextAsync(FormattableString.Invariant($"{top * 100:F1}\u00a0%"));
        await Expect(Card("sentiment").Locator(".receipt")).ToContainTextAsync(answer.GetProperty("digest").GetString()![..16]);
        await Expect(Card("sentiment").Locator(".receipt")).ToContainTextAsync("sentiment@1");
        await Expect(Card("topic@1").Locator(".probability")).ToHaveCountAsync(4);
        await Expect(Card("describe").Locator(".receipt")).ToContainTextAsync("written");
        await Expect(Card("describe").Locator(".probability")).ToHaveCountAsync(0);
        page.ShouldBeClean();
    }

    [Fact]
    public async Task ThePlayground_SaysWhyAnAnswerWasRefused()
    {
        await using OpenedPage page = await chromium.OpenAsync(shared.Server.AdminUrl, "/#/playground");
        await page.SettleAsync();
        await page.Button("Ask").ClickAsync();
        await Expect(page.Main).ToContainTextAsync("Give an input first.");

        await page.Page.GetByLabel("Input").FillAsync(string.Concat(Enumerable.Repeat("far too long ", 2000)));
        await page.Button("Ask").ClickAsync();

        await Expect(page.Main.Locator(".answer").First).ToContainTextAsync("refused");
        await Expect(page.Main.Locator(".answer .reason").First).ToContainTextAsync("positions");
        page.ShouldBeClean("the server responded with a status of 400");
    }

    // The row of this module, not those of compositions that other tests asked for.
    private static Regex Named(string module) => new($@"^\s*{Regex.Escape(module)}(?![+*])");

    private static async Task<JsonElement> AskAsync(TestServer server, string model, string text) =>
        (await server.PostAsync("/v1/chat/completions", JsonSerializer.Serialize(new { model, messages = new[] { new { role = "user", content = text } } }))).ShouldBe(System.Net.HttpStatusCode.OK).Json;
}
