using Amoe.Engine.Journal;

namespace Amoe.Host.Running;

/// <summary>Hosts on this machine, each a process.</summary>
internal sealed class LocalHosts : IAsyncDisposable
{
    private readonly List<LocalHost> _hosts = [];

    /// <summary>In the order in which they were started.</summary>
    public IReadOnlyList<LocalHost> All => _hosts;

    /// <summary>True while what they say is not passed on: how they come and go.</summary>
    public bool AreQuiet { get; set; } = true;

    /// <summary>Starts them, and waits until each has joined.</summary>
    /// <param name="threads">Threads that decide, in all of them together.</param>
    /// <exception cref="JournalException">One of them did not come up.</exception>
    public static async Task<LocalHosts> StartAsync(int count, JournalAddress address, int threads, Terminal terminal)
    {
        var hosts = new LocalHosts();
        try
        {
            for (var number = 1; number <= count; number++)
                hosts._hosts.Add(
                    new LocalHost(
                        number, address, Math.Max(1, threads / count), terminal.Time, said => hosts.Say(terminal, said),
                        terminal.Line));
            await Task.WhenAll(hosts._hosts.Select(host => host.Endpoint));
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has them finish what is in flight and end.</summary>
    public Task StopAsync()
    {
        AreQuiet = true;
        return Task.WhenAll(_hosts.Select(host => host.StopAsync()));
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));

    private void Say(Terminal terminal, string said)
    {
        if (!AreQuiet)
            terminal.Line(said);
    }
}
