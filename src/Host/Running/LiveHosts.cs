using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions.Quarantine;

namespace Amoe.Host.Running;

/// <summary>The items that a host has out of service.</summary>
/// <param name="Answer">Null where it did not answer in time.</param>
internal sealed record HostSaid(HostRow Host, QuarantineAnswered? Answer);

/// <summary>The hosts that live on a journal, and a way to ask them.</summary>
internal sealed class LiveHosts : IAsyncDisposable
{
    private readonly IReadOnlyList<HostRow> _hosts;

    private LiveHosts(IReadOnlyList<HostRow> hosts, QuarantineClient client) => (_hosts, Client) = (hosts, client);

    public QuarantineClient Client { get; }

    /// <returns>Null where no host lives: a file has none.</returns>
    /// <exception cref="JournalException">The database does not answer, or holds no journal.</exception>
    /// <exception cref="InputException">A certificate cannot be used.</exception>
    public static LiveHosts? Find(JournalAddress address, MutualTls? tls, Terminal terminal)
    {
        if (!address.IsPostgres)
            return null;
        using var hosts = new PostgresHosts(new PostgresDatabase(address));

        // One that has not joined has no partitions yet.
        HostRow[] live = [.. hosts.Live().Where(host => host.Status.Joined is not null)];
        if (live.Length == 0)
            return null;
        try
        {
            return new LiveHosts(live, QuarantineClient.Start(live[0], tls, terminal.Line));
        }
        catch (MutualTlsException e)
        {
            throw new InputException(e.Message);
        }
    }

    /// <summary>Asks all of them at once.</summary>
    public async Task<IReadOnlyList<HostSaid>> ListAsync() =>
        await Task.WhenAll(_hosts.Select(async host => new HostSaid(host, await Client.ListAsync(host))));

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
