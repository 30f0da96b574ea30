using System.Collections.Concurrent;
using Amoe.Engine.Cluster;

namespace Amoe.Host.Http;

/// <summary>Links to hosts over HTTP/2: one stream each, both ways, for as long as it lasts.</summary>
/// <param name="role">As what this process calls others.</param>
/// <param name="log">Told, in one line, when a link cannot be opened or went down, and when it is there again.</param>
internal sealed class HttpLinks(PeersSecret secret, PeerRole role, LinkOptions options, TimeProvider time, Action<string> log) : ILinks, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<OutgoingLink>> _links = [];
    private ILinkListener? _listener;

    /// <summary>Says who takes what comes over links, before the first is asked for.</summary>
    public void Listen(ILinkListener listener) => _listener = listener;

    public ILink To(string endpoint)
    {
        var listener = _listener ?? throw new InvalidOperationException("nobody listens to the links");
        return _links.GetOrAdd(endpoint, _ => new Lazy<OutgoingLink>(() => new OutgoingLink(endpoint, secret, role, listener, options, time, log))).Value;
    }

    public IReadOnlyList<ILink> KeepOnly(IReadOnlySet<string> endpoints)
    {
        var ended = new List<ILink>();
        foreach (var endpoint in _links.Keys.Where(endpoint => !endpoints.Contains(endpoint)))
        {
            if (!_links.TryRemove(endpoint, out var link))
                continue;
            ended.Add(link.Value);
            _ = link.Value.DisposeAsync().AsTask();
        }

        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values)
            await link.Value.DisposeAsync();
    }
}
