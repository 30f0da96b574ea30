using Amoe.Engine.Journal;
using Amoe.Host.Http;

namespace Amoe.Host.Running;

/// <summary>Hosts on this machine, each a process, with a peers secret of their own that goes with them.</summary>
internal sealed class LocalHosts : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly List<LocalHost> _hosts = [];

    private LocalHosts(DirectoryInfo folder) => _folder = folder;

    /// <summary>In the order in which they were started.</summary>
    public IReadOnlyList<LocalHost> All => _hosts;

    /// <summary>True while what they say is not passed on: how they share the shards out when they come, and hand them over when they go.</summary>
    public bool AreQuiet { get; set; } = true;

    /// <summary>The file of their secret.</summary>
    public string SecretPath => Path.Combine(_folder.FullName, "peers.secret");

    /// <summary>Starts them, and waits until each has joined.</summary>
    /// <param name="threads">Threads that decide, in all of them together.</param>
    /// <exception cref="JournalException">One of them did not come up.</exception>
    public static async Task<LocalHosts> StartAsync(int count, JournalAddress address, int threads, Terminal terminal)
    {
        var hosts = new LocalHosts(Directory.CreateTempSubdirectory("amoe-hosts-"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => hosts.DeleteFolder();
        try
        {
            PeersSecret.Make(hosts.SecretPath);
            for (var number = 1; number <= count; number++)
                hosts._hosts.Add(new LocalHost(number, address, hosts.SecretPath, Math.Max(1, threads / count), terminal.Time, said => hosts.Say(terminal, said), terminal.Line));
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

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));
        DeleteFolder();
    }

    private void Say(Terminal terminal, string said)
    {
        if (!AreQuiet)
            terminal.Line(said);
    }

    private void DeleteFolder()
    {
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }
}
