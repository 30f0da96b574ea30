using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Journal;
using Amoe.Host.Http;

namespace Amoe.Chaos.Infrastructure;

/// <summary>A process outside the cluster that sends to its hosts, as <c>simulate --hosts</c> does.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly ThreadDispatcher _dispatcher = new("client", 1);
    private readonly HttpLinks _links;
    private readonly ClusterClient _client;

    /// <param name="patience">After so long without an answer a command is answered unknown.</param>
    public Client(Cluster cluster, JournalIdentity identity, ulong source, TimeSpan patience)
    {
        _links = new HttpLinks(PeersSecret.Load(cluster.SecretFile), PeerRole.Client, new LinkOptions(), TimeProvider.System, line => Said.Enqueue($"[client] {line}"));
        var endpoints = cluster.Places.Where(place => place != cluster.Spare).Select(place => $"http://{place.FromClients.EndPoint}").ToList();
        _client = new ClusterClient(endpoints, identity.ShardCount, identity.PartyShardCount, source, new ForwardOptions { Deadline = patience }, TimeProvider.System, _dispatcher);
        _links.Listen(_client);
        _client.Start(_links);
    }

    public ICommandTarget Target => _client;

    public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _links.DisposeAsync();
        _dispatcher.Dispose();
    }
}
