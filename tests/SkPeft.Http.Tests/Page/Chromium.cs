using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(SkPeft.Http.Tests.Page.Chromium))]

namespace SkPeft.Http.Tests.Page;

/// <summary>The system's Chromium, started when the first test asks for it. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private readonly SemaphoreSlim _gate = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens the page of a server in a context of its own.</summary>
    public async Task<OpenedPage> OpenAsync(string origin, string path = "/", int width = 1280, ColorScheme scheme = ColorScheme.Light, int height = 800)
    {
        IBrowser browser = await BrowserAsync();
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme, DeviceScaleFactor = 2, ReducedMotion = ReducedMotion.Reduce,
        });
        OpenedPage page = new(context, await context.NewPageAsync(), origin);
        await page.Page.GotoAsync(origin + path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        _gate.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        string? program = Environment.GetEnvironmentVariable("SKPEFT_CHROMIUM") ?? Find();
        Assert.SkipWhen(program is null, "No Chromium was found: 'apt-get install chromium', or name one in SKPEFT_CHROMIUM.");
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            Assertions.SetDefaultExpectTimeout(30_000);
            _playwright ??= await Playwright.CreateAsync();

            // Chromium's own sandbox needs what containers do not give; it only ever sees this server.
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        }
        finally
        {
            _gate.Release();
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
