using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>
/// Two hosts of one journal, shared by the tests of a class: a host that starts costs seconds of processor time. A test
/// may end one of them; the next test begins with two again.
/// </summary>
public sealed class HostPair : IDisposable
{
    private PrivateDatabase? _database;
    private HostProcess? _first;
    private HostProcess? _second;

    internal PrivateDatabase Database => _database ??= ServeTests.NewJournal();

    /// <summary>Starts the hosts that do not run, one after the other, and waits until each serves its share.</summary>
    internal async Task<(HostProcess First, HostProcess Second)> WholeAsync()
    {
        _first = await RunningAsync(_first);
        if (_second is null)
            await _first.ServesAsync(ServeTests.Partitions);
        _second = await RunningAsync(_second);
        await _first.ServesAsync(ServeTests.Partitions / 2);
        await _second.ServesAsync(ServeTests.Partitions / 2);
        return (_first, _second);
    }

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
    }

    private async Task<HostProcess> RunningAsync(HostProcess? host)
    {
        if (host is { Process.HasExited: false })
            return host;
        host?.Dispose();
        return await HostProcess.StartAsync(Database);
    }
}
