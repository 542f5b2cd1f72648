using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

public sealed class PromotionPageTests(Chromium chromium)
{
    [Fact]
    public async Task AVersion_IsPromoted_AndRolledBack_AndTheListShowsIt()
    {
        await using TestServer server = await TestServer.StartAsync();
        await SecondVersion.AddAsync(server, "topic");
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");
        ILocator resolved = page.Page.Locator("[data-resolved=topic]");
        await Expect(resolved).ToHaveTextAsync("topic@1");
        await Expect(page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Roll back" })).ToHaveCountAsync(0);

        await page.Button("Promote topic@2").ClickAsync();
        await Expect(page.Page.GetByLabel("Alias")).ToHaveValueAsync("prod");
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Promote" }).ClickAsync();

        await Expect(resolved).ToHaveTextAsync("topic@2");
        await Expect(page.Page.Locator("[data-reference='topic@2'] .alias")).ToHaveTextAsync("prod");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("topic@prod is version 2 now");
        server.Served.Runtime.Store.Resolve("topic@prod").Number.ShouldBe(2);

        await page.Button("Roll back to 1: topic@prod").ClickAsync();
        await Expect(resolved).ToHaveTextAsync("topic@1");
        server.Served.Runtime.Store.Resolve("topic@prod").Number.ShouldBe(1);
        page.ShouldBeClean();
    }

    [Fact]
    public async Task WhatTheStoreRefuses_IsSaidInItsOwnWords()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/skills");

        await page.Button("Promote sentiment@1").ClickAsync();
        await page.Page.GetByLabel("Alias").FillAsync("no such name!");
        await page.Page.GetByLabel("Alias").PressAsync("Enter");

        await Expect(page.Page.Locator(".toast.bad")).ToContainTextAsync("no such name!");
        page.ShouldBeClean("the server responded with a status of 400");
    }

    [Fact]
    public async Task APlugin_ThatCannotBeLoaded_IsShownWithTheReason_AndOthersCanBeLoadedAgain()
    {
        using SkPeft.Testing.TemporaryFolder plugins = new();
        Directory.CreateDirectory(plugins.PathOf("Broken"));
        plugins.Write("Broken/Broken.dll", "no assembly");
        await using TestServer server = await TestServer.StartAsync(model: s => s with { Plugins = [.. s.Plugins, plugins.Root] });
        await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/#/plugins");

        ILocator broken = page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Plugin Broken" });
        await Expect(broken).ToContainTextAsync("failed");
        await Expect(broken.Locator(".reason")).ToContainTextAsync("Broken.dll");
        await page.Button("Load again: SkPeft.Peft.Lora").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Plugin SkPeft.Peft.Lora", Exact = true }).First).ToContainTextAsync("generation 2");
        (await server.PostAsync("/v1/chat/completions", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).ShouldBe(HttpStatusCode.OK);
        page.ShouldBeClean();
    }
}
