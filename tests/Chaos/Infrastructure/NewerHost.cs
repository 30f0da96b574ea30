using System.Net;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;
using Amoe.Host.Http;
using Amoe.Tests.Postgres;

namespace Amoe.Chaos.Infrastructure;

/// <summary>A host of the next release, which reads and writes a newer version of events: in this process, because there is no such build yet.</summary>
internal sealed class NewerHost : IAsyncDisposable
{
    public const int Format = EventCodec.Version + 1;

    private readonly HostsJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly IOwnershipStore _ownership;
    private readonly IncomingLinks _incoming;
    private readonly HttpLinks _links;
    private readonly HostServer _server;
    private readonly ClusterNode _node;

    private NewerHost(PrivateDatabase database, PeersSecret secret, IncomingLinks incoming, HostServer server)
    {
        (_incoming, _server) = (incoming, server);
        _journal = HostsJournal.Open(JournalAddress.Parse(database.Url));
        _snapshots = _journal.OpenSnapshots(_ => { });
        var options = new ClusterOptions();
        _ownership = _journal.OpenOwnership(options.Lease, isAmongHosts: true);
        _links = new HttpLinks(secret, PeerRole.Host, new LinkOptions(), TimeProvider.System, _ => { });
        var setup = new ClusterSetup(
            _journal, _snapshots, _ownership, new AmoeLogic(JournalRulebooks.Current(_journal)), $"http://{server.EndPoint}", TimeProvider.System, _ => { })
        {
            Cluster = options,
            Format = Format,
            Source = ProcessSource.Draw(),
            Links = listener =>
            {
                incoming.Listen(listener);
                _links.Listen(listener);
                return _links;
            },
        };
        _node = ClusterNode.Start(setup);
    }

    /// <summary>The id under which it joined; 0 before.</summary>
    public long Id => _node.Member.Me.Value;

    public static async Task<NewerHost> Start(Cluster cluster)
    {
        var secret = PeersSecret.Load(cluster.SecretFile);
        var incoming = new IncomingLinks(secret, new LinkOptions(), TimeProvider.System, _ => { });
        var server = await HostServer.StartAsync(new IPEndPoint(cluster.Network.Here, 0), new LinkOptions(), incoming.TakeAsync);
        return new NewerHost(cluster.Store.Database, secret, incoming, server);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _server.DisposeAsync();
        await _links.DisposeAsync();
        _incoming.Dispose();
        _ownership.Dispose();
        _snapshots.Dispose();
        _journal.Dispose();
    }
}
