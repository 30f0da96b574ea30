using Microsoft.Playwright;

namespace Amoe.Host.Tests.Browser;

/// <summary>A browser for the tests of a class; each page is of a context of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (ChromiumBinary.Missing is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ChromiumBinary.Executable,

            // As root, which CI is, Chromium has no sandbox. What it opens is ours.
            Args = ["--no-sandbox"],
            Timeout = 120_000,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a file, and records what it asks of any other place and each error of its code.</summary>
    internal async Task<OpenPage> OpenAsync(
        string file, string locale = "fr-FR", ColorScheme scheme = ColorScheme.Light, int width = 1280,
        bool hasJavaScript = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = locale,
            ColorScheme = scheme,
            JavaScriptEnabled = hasJavaScript,
            AcceptDownloads = true,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout(120_000);
        var open = new OpenPage(context, await context.NewPageAsync());
        await context.RouteAsync(
            // A blob is what the page itself made.
            address => !address.StartsWith("file:", StringComparison.Ordinal)
                && !address.StartsWith("blob:", StringComparison.Ordinal),
            route =>
            {
                open.Problems.Add($"asked for {route.Request.Url}");
                return route.AbortAsync();
            });
        open.Page.PageError += (_, error) => open.Problems.Add(error);
        open.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                open.Problems.Add(message.Text);
        };
        await open.Page.GotoAsync(new Uri(file).AbsoluteUri);
        return open;
    }
}
