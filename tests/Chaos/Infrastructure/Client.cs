using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// A sender outside the cluster, as <c>simulate --hosts</c> is one. No proxy is between it and the database.
/// </summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly PostgresHosts _hosts;
    private readonly ClusterClient _client;

    /// <param name="patience">After so long without an answer a command is answered unknown.</param>
    public Client(Cluster cluster, JournalIdentity identity, TimeSpan patience)
    {
        _hosts = new PostgresHosts(new PostgresDatabase(JournalAddress.Parse(cluster.Store.Database.Url)));
        var link = cluster.Authority is { } authority
            ? new ClientLink(
                cluster.Network.OfClients, authority.Issue("client"), line => Said.Enqueue($"[client] {line}"))
            : null;
        _client = ClusterClient.Start(
            identity.StudentPartitions, identity.LedgerPartitions, _hosts, threads: 1, patience, TimeProvider.System,
            link);
    }

    public ICommandTarget Target => _client;

    public ConcurrentQueue<string> Said { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _hosts.Dispose();
    }
}
