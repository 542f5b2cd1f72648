using Microsoft.Playwright;

namespace SkPeft.Http.Tests.Page;

/// <summary>The page in a browser, with what it complained of and whom it asked.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly List<string> _foreign = [];

    internal OpenedPage(IBrowserContext context, IPage page, string origin)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                lock (_complaints)
                {
                    _complaints.Add(message.Text);
                }
            }
        };
        page.PageError += (_, error) =>
        {
            lock (_complaints)
            {
                _complaints.Add(error);
            }
        };
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin + "/", StringComparison.Ordinal))
            {
                lock (_foreign)
                {
                    _foreign.Add(request.Url);
                }
            }
        };
    }

    public IPage Page { get; }

    public ILocator Main => Page.Locator("main");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Goes to a view as a user does, and waits until it has something to show.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Pages" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = view }).ClickAsync();
        await Assertions.Expect(Page.Locator("h1")).ToHaveTextAsync(view);
        await SettleAsync();
    }

    /// <summary>Waits until nothing is a placeholder any more.</summary>
    public Task SettleAsync() => Assertions.Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);

    /// <summary>No error in the console, and no request but to the server itself.</summary>
    public void ShouldBeClean(params string[] expected)
    {
        lock (_complaints)
        {
            _complaints.Where(c => !expected.Any(e => c.Contains(e, StringComparison.Ordinal))).ShouldBeEmpty();
        }

        lock (_foreign)
        {
            _foreign.ShouldBeEmpty();
        }
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
