using Microsoft.Playwright;

namespace Amoe.Host.Tests.Browser;

/// <summary>A page in a browser.</summary>
internal sealed record OpenPage(IBrowserContext Context, IPage Page) : IAsyncDisposable
{
    /// <summary>Requests to another place, errors of the page's code, and what its policy forbade.</summary>
    public List<string> Problems { get; } = [];

    public async ValueTask DisposeAsync() => await Context.CloseAsync();
}
