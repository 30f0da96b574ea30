namespace Amoe.Host.Running;

/// <summary>
/// Says how far something has come that takes longer than two seconds: on a terminal one line that is written again,
/// elsewhere a line every ten seconds.
/// </summary>
internal sealed class StatusLine(Terminal terminal, Func<string> status)
{
    private const string StartOfEmptyLine = "\r\x1b[K";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PicturePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(10);

    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        var wait = Patience;
        while (await Task.WhenAny(work, Task.Delay(wait, terminal.Time)) != work)
        {
            if (terminal.IsWatched)
                await Console.Error.WriteAsync(StartOfEmptyLine + status());
            else
                terminal.Line(status());
            wait = terminal.IsWatched ? PicturePeriod : LinePeriod;
        }

        if (terminal.IsWatched)
            await Console.Error.WriteAsync(StartOfEmptyLine);
        return await work;
    }
}
