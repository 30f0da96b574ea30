using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Cluster;

/// <summary>
/// What waits in this process for one shard, in order, and a session with the shard's owner, here or on another host, in which it is sent. A session is over
/// by whatever leaves open what became of something: then all that is not answered is sent again, in order, in the next one. The same command twice is decided
/// once, so that is safe; and an owner takes items of one session only without a gap, so nothing overtakes what is sent again.
/// </summary>
/// <remarks>Any thread calls it. Its lock is held while a mailbox takes a message and while items are written, never while somebody is told an answer.</remarks>
internal sealed class Lane(int shard, Lanes lanes) : IGated
{
    private readonly Lock _gate = new();
    private readonly LaneQueue _queue = new();
    private readonly ForwardOptions _options = lanes.Options;

    // The session that is on: with the shard in this process, or over a link; neither while none is.
    private long _session;
    private Route _route;
    private LocalSession? _local;
    private LinkSender? _sender;
    private bool _isClosing;
    private bool _isDetour;

    private LinkSender? _enlistedAt;
    private bool _asks;
    private bool _isDelivering;
    private long _heardAt;
    private long _askedAt;
    private long _notBefore;
    private int _window = lanes.Options.LaneWindow;
    private int _breaks;

    private bool CanSend => !_isClosing && _queue.Sent < Math.Min(_queue.Count, _window);

    /// <summary>False when too many wait already.</summary>
    public bool TryPost(in LaneItem item)
    {
        lock (_gate)
        {
            if (_queue.Count >= _options.LaneItemsMax)
                return false;
            if (_queue.Count == 0)
                BeginToListen();
            _queue.Add(item);
            Advance();
            return true;
        }
    }

    /// <summary>Looks after what is late, and goes on where something was waited for.</summary>
    public void Tick()
    {
        List<Delivery>? deliveries;
        lock (_gate)
        {
            if (_queue.Count == 0)
                return;
            var now = lanes.Now;
            _queue.GiveUpLate(now);
            if (_sender is not null)
                Listen(now);
            Advance();
            deliveries = BeginDelivery();
        }

        Deliver(deliveries);
    }

    /// <summary>The shard may have another owner by now: what was sent to the one before is not waited for, for he can have nothing durable any more.</summary>
    public void Reroute()
    {
        lock (_gate)
        {
            if (_sender is not null && lanes.RouteOf(shard) != _route)
                Break();
            _notBefore = 0;
            Advance();
        }
    }

    /// <summary>There may be a shorter way, which a client takes once what he sent is answered.</summary>
    public void Detour()
    {
        lock (_gate)
        {
            if (_sender is null || _isClosing || lanes.RouteOf(shard) == _route)
                return;
            _isDetour = true;
            Close();
            Advance();
        }
    }

    void IGated.GoOn() => Tick();

    /// <summary>What went over a link may be lost.</summary>
    public void OnLinkDown(LinkSender sender)
    {
        lock (_gate)
        {
            if (_sender != sender)
                return;
            lanes.Unreachable(shard, _route);
            BackOff();
        }
    }

    /// <summary>Writes what is to be sent to a frame, as far as there is room.</summary>
    /// <returns>True when more is to be sent.</returns>
    public bool Fill(LinkSender sender, ByteWriter frame)
    {
        lock (_gate)
        {
            if (_enlistedAt == sender)
                _enlistedAt = null;
            if (_sender != sender)
                return false;
            if (_asks)
                WritePart(frame, FramePart.Probe);
            _asks = false;
            if (!CanSend)
                return false;
            var now = lanes.Now;
            if (_queue.Sent == 0)
                BeginToListen();
            WritePart(frame, FramePart.Items);
            for (; CanSend && frame.Length < _options.FrameBytes; _queue.Advance())
                Frames.WriteItem(frame, _queue.Next.Envelope, lanes.RemainingMs(_queue.Next.Deadline, now));
            frame.Byte(0);
            return CanSend;
        }
    }

    /// <summary>The owner has answered, for good: items that follow each other, up to the end of the part.</summary>
    public void OnReplies(LinkSender sender, long session, long number, ref ByteReader r)
    {
        List<Delivery>? deliveries;
        lock (_gate)
        {
            var isOn = IsOn(sender, session);
            for (var first = r.Byte(); first != ReplyCodec.End; first = r.Byte())
            {
                var reply = ReplyCodec.Read(ref r, first);
                if (isOn && _queue.Has(number))
                    _queue.Answer(number, reply);
                number++;
            }

            if (isOn)
            {
                Heard();
                BeginAgainWhenDrained();
                Advance();
            }

            deliveries = BeginDelivery();
        }

        Deliver(deliveries);
    }

    public void OnBounce(LinkSender sender, long session, long number, BounceReason reason)
    {
        lock (_gate)
        {
            if (!IsOn(sender, session))
                return;
            if (reason is BounceReason.Full or BounceReason.Moved && _queue.TryCut(number))
            {
                // What was taken before is answered still.
                Close();
            }
            else
            {
                BackOff();
            }
        }
    }

    /// <summary>The owner has all that was sent.</summary>
    public void OnAlive(LinkSender sender, long session)
    {
        lock (_gate)
        {
            if (IsOn(sender, session))
                _heardAt = lanes.Now;
        }
    }

    private bool IsOn(LinkSender sender, long session) => session == _session && sender == _sender;

    /// <summary>Finds whom to send to, and sends what the window lets.</summary>
    private void Advance()
    {
        // Begun, or filled, while the link went down: nobody will say so any more.
        if (_sender is { IsDown: true })
            BackOff();
        if (_local is null && _sender is null && !TryBegin())
            return;
        if (_local is not null)
            PostHere(_local);
        else if (CanSend)
            Enlist();
    }

    private bool TryBegin()
    {
        if (_queue.Count == 0 || lanes.Now < _notBefore)
            return false;
        _route = lanes.RouteOf(shard);
        if (_route == Route.None)
            return false;
        if (_route.Endpoint is { } endpoint)
            _sender = lanes.SenderTo(endpoint);
        else
            _local = new LocalSession(this);
        BeginToListen();
        return true;
    }

    private void Enlist()
    {
        if (_enlistedAt == _sender)
            return;
        _enlistedAt = _sender;
        _sender!.Enlist(this);
    }

    private void PostHere(LocalSession session)
    {
        while (CanSend)
        {
            var outcome = lanes.PostHere(shard, _queue.Next.Envelope with { ReplyTo = session }, this, ref session.Life);
            if (outcome == PostOutcome.Taken)
                _queue.Advance();
            else if (outcome == PostOutcome.NotHere)
                BackOff();
            if (outcome != PostOutcome.Taken)
                return;
        }
    }

    private void OnLocalReply(LocalSession session, StudentId student, in Reply reply)
    {
        List<Delivery>? deliveries;
        lock (_gate)
        {
            if (session != _local || _queue.NumberOf(student, reply.Command) is not (>= 0 and var number))
                return;
            if (reply.Outcome == Outcome.Unknown)
            {
                BackOff();
                return;
            }

            Heard();
            _queue.Answer(number, reply);
            Advance();
            deliveries = BeginDelivery();
        }

        Deliver(deliveries);
    }

    private void BeginToListen() => _heardAt = _askedAt = lanes.Now;

    private void Heard()
    {
        BeginToListen();
        _breaks = 0;
        _window = Math.Min(_options.LaneWindow, _window * 2);
    }

    /// <summary>Asks an owner who says nothing whether he has what was sent; gives him up after too long, and so too where nothing could be sent to him.</summary>
    private void Listen(long now)
    {
        // Nothing is left where all was given up before it could be sent.
        if (_queue.Count == 0 || now - _heardAt >= lanes.Ticks(_options.SilenceMax))
        {
            lanes.Unreachable(shard, _route);
            BackOff();
        }
        else if (_queue.Sent > 0 && now - _askedAt >= lanes.Ticks(_options.ProbeAfter))
        {
            _askedAt = now;
            _asks = true;
            Enlist();
        }
    }

    /// <summary>Sends nothing more in this session.</summary>
    private void Close()
    {
        _isClosing = true;
        BeginAgainWhenDrained();
    }

    private void BeginAgainWhenDrained()
    {
        if (!_isClosing || _queue.Sent > 0)
            return;
        if (_isDetour)
            Break();
        else
            BackOff();
    }

    /// <summary>The session is over, and the next begins after a while, with little: an owner that is not ready is not flooded.</summary>
    private void BackOff()
    {
        var wait = _options.BackOffMin * (1 << Math.Min(_breaks++, 10));
        Break();
        _window = _options.LaneWindowAfterBreak;
        _notBefore = lanes.Now + lanes.Ticks(wait < _options.BackOffMax ? wait : _options.BackOffMax);
    }

    private void Break()
    {
        (_local, _sender, _isClosing, _isDetour, _asks) = (null, null, false, false, false);
        _queue.BeginAgain();
        _session++;
    }

    private void WritePart(ByteWriter frame, FramePart part)
    {
        frame.Byte((byte)part);
        frame.Varint((ulong)shard);
        frame.Varint((ulong)_session);
        frame.Varint((ulong)_queue.NextNumber);
    }

    /// <summary>What there is to deliver; null while another thread delivers: it looks again before it leaves.</summary>
    private List<Delivery>? BeginDelivery()
    {
        if (_isDelivering)
            return null;
        var deliveries = _queue.TakeDeliveries();
        _isDelivering = deliveries is not null;
        return deliveries;
    }

    /// <summary>One thread at a time, and without the lock: whoever is answered may post again.</summary>
    private void Deliver(List<Delivery>? deliveries)
    {
        while (deliveries is not null)
        {
            foreach (var delivery in deliveries)
                delivery.Deliver();
            lock (_gate)
            {
                _isDelivering = false;
                deliveries = BeginDelivery();
            }
        }
    }

    /// <summary>A session with the shard in this process.</summary>
    private sealed class LocalSession(Lane lane) : IReplyTo
    {
        public MailboxLife? Life;

        public void OnReply(StudentId student, in Reply reply) => lane.OnLocalReply(this, student, reply);
    }
}
