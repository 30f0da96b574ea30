using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>
/// A host's part in the cluster's traffic: takes any command, of whoever is in this process and of clients, and sees to it that the shard's owner decides it, here
/// or on another host; takes from other hosts what is for the shards that are here.
/// </summary>
internal sealed class Forwarder : ICommandTarget, ILinkListener, IRoutes, IDisposable
{
    private readonly AmoeRuntime _runtime;
    private readonly Lanes _lanes;
    private readonly Inbound _inbound;
    private readonly PostFetcher? _fetcher;
    private readonly PostServer? _server;
    private Route[] _routes;

    /// <param name="source">Tells this process from all others that ever speak to the cluster, a later life of itself too: drawn once when it starts.</param>
    /// <param name="dispatcher">Runs what looks after lanes and links.</param>
    /// <param name="post">Runs what looks after the post between shards, and may have to wait for the store.</param>
    public Forwarder(AmoeRuntime runtime, ulong source, ForwardOptions options, TimeProvider time, IDispatcher dispatcher, IDispatcher post)
    {
        _runtime = runtime;
        var shards = runtime.ShardCount + runtime.PartyShardCount;
        _routes = new Route[shards];
        _lanes = new Lanes(shards, source, this, options, time, dispatcher);
        _inbound = new Inbound(shards, runtime.ShardCount, _lanes, new ToShards(this), new ToLanes(this));
        if (runtime.Post is { } office)
        {
            _fetcher = new PostFetcher(runtime, office, _lanes, time, post);
            _server = new PostServer(runtime, office, _lanes, post);
        }
    }

    /// <summary>Begins to send over links, which tell it of what comes.</summary>
    /// <param name="links">Null where there are none.</param>
    public void Start(ILinks? links) => _lanes.Start(links);

    public int ShardCount => _runtime.ShardCount;

    public int PartyShardCount => _runtime.PartyShardCount;

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        if (!CommandCodec.CanWrite(command))
            throw new ArgumentOutOfRangeException(nameof(command), $"{command.Id} has more than {CommandCodec.LinesMax} lines, which is more than can be sent to another host");
        return _lanes.TryPost(command.Student.ShardOf(ShardCount), new Envelope(command, CommandKind.None, default, replyTo));
    }

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => _lanes.TryPost(shard, Envelope.OfDay(mark, day, replyTo));

    /// <summary>Who has what has changed, or may have: called with each look at the store, by one thread at a time.</summary>
    /// <param name="self">This host as the store has it; none while it has not joined.</param>
    public void OnView(HostId self, ClusterView view)
    {
        var endpoints = view.Hosts.ToDictionary(host => host.Id, host => host.Endpoint);
        var (routes, former) = (new Route[_lanes.Count], _routes);
        foreach (var shard in view.Shards)
        {
            if (shard.Owner != self && endpoints.TryGetValue(shard.Owner, out var endpoint))
                routes[shard.Shard] = new Route(shard.Owner.Value, endpoint);
        }

        Volatile.Write(ref _routes, routes);
        for (var shard = 0; shard < routes.Length; shard++)
        {
            if (routes[shard] != former[shard])
                _lanes[shard].Reroute();
        }

        _lanes.KeepOnly(endpoints.Values.ToHashSet());
    }

    public void OnFrame(ILink from, ReadOnlyMemory<byte> frame)
    {
        var r = new ByteReader(frame.Span);
        switch (Frames.ReadType(ref r))
        {
            case FrameType.Items:
                _inbound.OnItems(from, ref r);
                break;
            case FrameType.Answers:
                _lanes.OnAnswers(from, ref r);
                break;
            case FrameType.PostAsked when _server is not null:
                _server.OnQuestion(from, PostWire.ReadQuestion(ref r, ShardCount, PartyShardCount));
                break;
            case FrameType.PostAnswered when _fetcher is not null:
                _fetcher.OnAnswer(ref r);
                break;
            case var type:
                throw new InvalidDataException($"a frame of type {(int)type}, which this version does not know");
        }
    }

    public void OnDown(ILink link) => _lanes.OnDown(link);

    /// <summary>Looks after nothing any more.</summary>
    public void Dispose()
    {
        _lanes.Dispose();
        _fetcher?.Dispose();
    }

    Route IRoutes.RouteOf(int shard) => _runtime.Serves(shard) ? Route.Here : Volatile.Read(ref _routes)[shard];

    void IRoutes.Unreachable(int shard, Route route)
    {
        // There is one owner, and the store says who.
    }

    void IRoutes.Learn(int shard, string endpoint)
    {
        // The store says it.
    }

    PostOutcome IRoutes.PostHere(int shard, in Envelope envelope, IGated waiter, ref MailboxLife? life) => PostHere(shard, envelope, waiter, ref life);

    /// <summary>The shard is looked up before its post is: one that opened in between would have the mark of a day without what the day brings.</summary>
    private PostOutcome PostHere(int shard, in Envelope envelope, IGated waiter, ref MailboxLife? life)
    {
        if (_runtime.Find(shard) is not { } open)
            return PostOutcome.NotHere;
        return _fetcher?.MayPost(shard, envelope, waiter) == false ? PostOutcome.Gated : open.TryPost(envelope, ref life);
    }

    /// <summary>What a host sends is for a shard that is here, or it comes back: it is never forwarded twice.</summary>
    private sealed class ToShards(Forwarder forwarder) : IInboundTarget
    {
        public string? OwnerElsewhere(int shard) => null;

        public PostOutcome Post(int shard, in Envelope envelope, long item, long remainingMs, IGated waiter, ref MailboxLife? life) =>
            forwarder.PostHere(shard, envelope, waiter, ref life);
    }

    /// <summary>What a client sends waits here, for whoever has the shard.</summary>
    private sealed class ToLanes(Forwarder forwarder) : IInboundTarget
    {
        public string? OwnerElsewhere(int shard) => forwarder._lanes.RouteOf(shard).Endpoint;

        public PostOutcome Post(int shard, in Envelope envelope, long item, long remainingMs, IGated waiter, ref MailboxLife? life) =>
            forwarder._lanes.TryPost(shard, envelope, item, TimeSpan.FromMilliseconds(remainingMs)) ? PostOutcome.Taken : PostOutcome.Full;
    }
}
