using System.Runtime.CompilerServices;
using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>The lanes of one process, one for each shard, with the links they go over and the clock they go by.</summary>
internal sealed class Lanes : WorkItem, IDisposable
{
    private readonly IRoutes _routes;
    private readonly TimeProvider _time;
    private readonly IDispatcher _dispatcher;
    private readonly Lane[] _lanes;
    private readonly Lock _gate = new();
    private readonly List<LinkSender> _refused = [];

    private ILinks? _links;
    private ITimer? _timer;

    // A sender lives as long as its link: of one that is gone nothing is kept.
    private readonly ConditionalWeakTable<ILink, LinkSender> _senders = [];

    /// <param name="source">Tells this process from all others that ever speak to the cluster, a later life of itself too.</param>
    public Lanes(int shards, ulong source, IRoutes routes, ForwardOptions options, TimeProvider time, IDispatcher dispatcher)
        : base(dispatcher)
    {
        (Options, Source, _routes, _time, _dispatcher) = (options, source, routes, time, dispatcher);
        _lanes = [.. Enumerable.Range(0, shards).Select(shard => new Lane(shard, this))];
    }

    public ForwardOptions Options { get; }

    public ulong Source { get; }

    public int Count => _lanes.Length;

    public long Now => _time.GetTimestamp();

    public Lane this[int shard] => _lanes[shard];

    /// <summary>Begins to send, and to look after what is late. Without links nothing leaves a lane but for a shard that is here.</summary>
    public void Start(ILinks? links)
    {
        Volatile.Write(ref _links, links);
        _timer = _time.CreateTimer(_ => Schedule(), null, Options.TickEvery, Options.TickEvery);
    }

    /// <summary>Puts a command or a mark into its shard's lane. False when too many wait there.</summary>
    public bool TryPost(int shard, in Envelope envelope) => _lanes[shard].TryPost(new LaneItem(envelope, Now + Ticks(Options.Deadline)));

    /// <summary>Puts what a client sent into its shard's lane. False when too many wait there.</summary>
    /// <param name="number">Its number in the client's session.</param>
    public bool TryPost(int shard, in Envelope envelope, long number, TimeSpan remaining) =>
        _lanes[shard].TryPost(new LaneItem(envelope, Now + Ticks(remaining), number));

    public Route RouteOf(int shard) =>
        _routes.RouteOf(shard) is var route && (route.Endpoint is null || Volatile.Read(ref _links) is not null) ? route : Route.None;

    public void Unreachable(int shard, Route route) => _routes.Unreachable(shard, route);

    public PostOutcome PostHere(int shard, in Envelope envelope, IGated waiter, ref MailboxLife? life) => _routes.PostHere(shard, envelope, waiter, ref life);

    public LinkSender SenderTo(string endpoint) => SenderOf(_links!.To(endpoint));

    public LinkSender SenderOf(ILink link) => _senders.GetValue(link, one => new LinkSender(one, this, _dispatcher));

    /// <summary>A sender has a frame that its link did not take.</summary>
    public void OfferAgain(LinkSender sender)
    {
        lock (_gate)
            _refused.Add(sender);
    }

    public void OnDown(ILink link)
    {
        if (!_senders.TryGetValue(link, out var sender))
            return;
        _senders.Remove(link);
        sender.End();
        foreach (var lane in _lanes)
            lane.OnLinkDown(sender);
    }

    /// <summary>Ends the links to all other hosts, which are gone: else each would be tried for as long as this process lasts.</summary>
    public void KeepOnly(IReadOnlySet<string> endpoints)
    {
        foreach (var link in Volatile.Read(ref _links)?.KeepOnly(endpoints) ?? [])
            OnDown(link);
    }

    /// <summary>Takes a frame of answers, of whose beginning the type was read.</summary>
    /// <exception cref="InvalidDataException">It makes no sense.</exception>
    public void OnAnswers(ILink from, ref ByteReader r)
    {
        var sender = SenderOf(from);
        while (!r.AtEnd)
        {
            var part = (FramePart)r.Byte();
            var (shard, session) = (r.Int(), (long)r.Varint());
            if ((uint)shard >= (uint)_lanes.Length)
                throw new InvalidDataException($"an answer of shard {shard}, of {_lanes.Length}");
            var lane = _lanes[shard];
            switch (part)
            {
                case FramePart.Replies:
                    lane.OnReplies(sender, session, (long)r.Varint(), ref r);
                    break;
                case FramePart.Bounce:
                    lane.OnBounce(sender, session, (long)r.Varint(), (BounceReason)r.Byte());
                    break;
                case FramePart.Owner:
                    _routes.Learn(shard, WireFields.ReadEndpoint(ref r));
                    lane.Detour();
                    break;
                case FramePart.Alive:
                    lane.OnAlive(sender, session);
                    break;
                default:
                    throw new InvalidDataException($"an answer of type {(int)part}, which this version does not know");
            }
        }
    }

    public long Ticks(TimeSpan span) => (long)((Int128)span.Ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>Milliseconds until a deadline; none once it has passed.</summary>
    public long RemainingMs(long deadline, long now) => Math.Clamp((deadline - now) * 1_000 / _time.TimestampFrequency, 0, Frames.RemainingMsMax);

    public void Dispose() => _timer?.Dispose();

    protected override void Run()
    {
        foreach (var lane in _lanes)
            lane.Tick();
        LinkSender[] refused;
        lock (_gate)
        {
            refused = [.. _refused];
            _refused.Clear();
        }

        foreach (var sender in refused)
            sender.Schedule();
    }
}
