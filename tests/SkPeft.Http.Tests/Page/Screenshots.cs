using System.Text.Json;
using Microsoft.Playwright;
using SkPeft.Testing;
using static Microsoft.Playwright.Assertions;

namespace SkPeft.Http.Tests.Page;

/// <summary>Makes the pictures of docs/admin-page.md, where SKPEFT_SCREENSHOTS names a folder for them.</summary>
public sealed class Screenshots(Chromium chromium)
{
    private static readonly string[] s_texts =
    [
        "a warm , funny and beautifully acted film", "dull , predictable and far too long", "The striker scored twice in the second half and won the cup for his team.",
        "Shares fell on Friday as oil prices rose and the bank reported a loss.", "name[The Eagle], eatType[coffee shop], food[French], area[riverside]",
    ];

    [Fact]
    public async Task OfEveryView_LightDarkAndNarrow()
    {
        string? folder = Environment.GetEnvironmentVariable("SKPEFT_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "SKPEFT_SCREENSHOTS names no folder for the pictures.");
        Directory.CreateDirectory(folder);
        using TemporaryFolder plugins = new();
        Directory.CreateDirectory(plugins.PathOf("Acme.Peft.Experimental"));
        plugins.Write("Acme.Peft.Experimental/Acme.Peft.Experimental.dll", "no assembly");
        string? runs = Environment.GetEnvironmentVariable("SKPEFT_SCREENSHOT_RUNS");
        await using TestServer server = await TestServer.StartAsync(
            TestServer.Settings with { RunFolders = runs is null ? [] : [runs] }, s => s with { Plugins = [.. s.Plugins, plugins.Root], MaxOutputTokens = 60 });
        await SecondVersion.AddAsync(server, "topic");
        await SecondVersion.AddAsync(server, "sentiment");
        (await TestServer.SendAsync(server.Admin, HttpMethod.Put, "/admin/modules/sentiment/aliases/prod", """{ "version": 2 }""")).ShouldBe(System.Net.HttpStatusCode.OK);
        using CancellationTokenSource stop = new();
        Task[] load = [.. Enumerable.Range(0, 3).Select(i => LoadAsync(server, i, stop.Token))];
        await Task.Delay(TimeSpan.FromSeconds(75), TestContext.Current.CancellationToken);

        foreach ((string name, int width, ColorScheme scheme) in new[] { ("light", 1280, ColorScheme.Light), ("dark", 1280, ColorScheme.Dark), ("narrow", 375, ColorScheme.Light), ("narrow-dark", 375, ColorScheme.Dark) })
        {
            await using OpenedPage page = await chromium.OpenAsync(server.AdminUrl, "/", width, scheme, width < 500 ? 812 : 860);
            foreach (string view in new[] { "Overview", "Skills", "Plugins", "Playground", "Training" })
            {
                await page.GoAsync(view);
                if (view == "Playground")
                {
                    await page.Page.Locator("input[value='topic']").CheckAsync();
                    await page.Page.GetByLabel("Input").FillAsync(s_texts[0]);
                    await page.Button("Ask").ClickAsync();
                    await Expect(page.Main.Locator(".answer .pill.good")).ToHaveCountAsync(3);
                }

                await page.Page.EvaluateAsync("() => { document.activeElement.blur(); scrollTo(0, 0); }");
                await TakeAsync(page, view, name);
                if (view == "Skills")
                {
                    await page.Button("Add a module…").ClickAsync();
                    await page.Page.GetByLabel("Zip of the adapter's folder").SetInputFilesAsync(new FilePayload { Name = "spam.zip", MimeType = "application/zip", Buffer = ZipBytes.Of(("readme.md", ZipBytes.Text("x"))) });
                    await page.Button("Add").ClickAsync();
                    await Expect(page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
                    await TakeAsync(page, "Upload", name);
                    await page.Page.Keyboard.PressAsync("Escape");
                }
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    private static Task TakeAsync(OpenedPage page, string view, string name) => page.Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Environment.GetEnvironmentVariable("SKPEFT_SCREENSHOTS")!, $"{view.ToLowerInvariant()}-{name}.png"), Scale = ScreenshotScale.Css,
    });

    private static async Task LoadAsync(TestServer server, int seed, CancellationToken stop)
    {
        Random random = new(seed);
        string[] models = ["sentiment", "topic", "describe", "family", "describe"];
        while (!stop.IsCancellationRequested)
        {
            string model = models[random.Next(models.Length)];
            string body = JsonSerializer.Serialize(new { model, messages = new[] { new { role = "user", content = model == "describe" ? s_texts[4] : s_texts[random.Next(4)] } } });
            using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await server.Client.PostAsync("/v1/chat/completions", content, CancellationToken.None);
            await Task.Delay(random.Next(60, 420), CancellationToken.None);
        }
    }
}
