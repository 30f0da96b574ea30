namespace Amoe.Engine.Partitions.Sessions;

/// <summary>The session of one sender, as the partition has it.</summary>
/// <param name="answered">Takes a batch that is answered.</param>
internal sealed class ReceivedSession<TPeer>(Guid sender, int window, Action<Addressed<TPeer>> answered)
{
    // Batches that were taken in this session, from the oldest unanswered one on.
    private readonly Queue<TakenBatch> _taken = new();
    private State _state = State.Closed;
    private long _session = -1;
    private long _next;
    private TPeer? _from;

    private enum State : byte
    {
        /// <summary>The items of the sender's former session are not all answered yet.</summary>
        Draining,

        /// <summary>Batches are taken.</summary>
        Open,

        /// <summary>No batch is taken any more, and what was taken is answered still.</summary>
        Closed,
    }

    public Guid Sender => sender;

    /// <summary>Items of the sender that are not answered, of its former sessions too.</summary>
    public int Unanswered { get; private set; }

    /// <summary>When a message of the sender came last, counted in messages.</summary>
    public long LastUse { get; set; }

    /// <returns>True where the session is open and nothing was sent in it.</returns>
    public bool TryOpen(long session, TPeer from)
    {
        if (session < _session)
            return false;
        if (session > _session)
        {
            (_state, _session, _from, _next) = (State.Draining, session, from, 0);
            _taken.Clear();
        }
        else if (_next == 0)
        {
            // Nothing was sent in it: the sender has found a shorter way meanwhile, and is answered on that.
            _from = from;
        }

        if (_state == State.Draining && Unanswered == 0)
            _state = State.Open;
        return _state == State.Open && _next == 0;
    }

    public BatchVerdict Take(Batch batch, out IReadOnlyList<Envelope> items)
    {
        items = [];
        if (batch.Session < _session)
            return BatchVerdict.Ignored;
        if (batch.Session > _session || _state != State.Open)
            return BatchVerdict.Refused;
        if (batch.Number < _next)
            return BatchVerdict.Ignored;
        if (batch.Number > _next || batch.Items.Length == 0 || batch.Items.Length > window - Unanswered)
        {
            _state = State.Closed;
            return BatchVerdict.Refused;
        }

        _next++;
        Unanswered += batch.Items.Length;
        var taken = new TakenBatch(batch, OnReply);
        _taken.Enqueue(taken);
        items = taken.Items;
        return BatchVerdict.Taken;
    }

    public SessionMessage? Probe(ProbeSession probe)
    {
        if (probe.Session < _session || (probe.Session == _session && probe.Next < _next))
            return null;
        if (probe.Session > _session || _state != State.Open)
            return new SessionRefused(probe.Session);
        if (probe.Next == _next)
            return new SessionAlive(_session, _taken.TryPeek(out var oldest) ? oldest.Number : _next);
        _state = State.Closed;
        return new SessionRefused(_session);
    }

    /// <summary>Ends the session.</summary>
    public Addressed<TPeer> End()
    {
        _state = State.Closed;
        return new Addressed<TPeer>(_from!, new SessionRefused(_session));
    }

    /// <summary>
    /// An item has its reply. After one that leaves the outcome open no later batch may be decided: it would overtake
    /// what is sent again.
    /// </summary>
    private void OnReply(TakenBatch batch, bool isOpen)
    {
        Unanswered--;
        if (batch.Session != _session)
            return;
        if (isOpen)
            _state = State.Closed;
        if (!batch.IsAnswered)
            return;
        while (_taken.TryPeek(out var oldest) && oldest.IsAnswered)
            _taken.Dequeue();
        answered(new Addressed<TPeer>(_from!, new BatchAnswered(_session, batch.Number, batch.Replies)));
    }
}
