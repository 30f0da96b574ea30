namespace Amoe.Engine.Partitions.Sessions;

/// <summary>What becomes of a batch.</summary>
internal enum BatchVerdict : byte
{
    /// <summary>Its items are decided next, in order.</summary>
    Taken,

    /// <summary>The sender is sent <see cref="SessionRefused"/>.</summary>
    Refused,

    /// <summary>It came before, or belongs to a session that its sender has left: nothing is said.</summary>
    Ignored,
}

/// <summary>A message with its recipient.</summary>
/// <param name="To">The sender's address.</param>
internal readonly record struct Addressed<TPeer>(TPeer To, SessionMessage Message);

/// <summary>
/// Keeps the sessions of one incarnation of a partition. It takes the batches of each session without a gap and never
/// more than the window, and answers a batch when each item has its reply. A restart forgets all of it: senders are
/// refused, and send again what has no answer (docs/sessions.md).
/// </summary>
/// <typeparam name="TPeer">The address of a sender: an actor's reference in the shell.</typeparam>
internal sealed class SessionReceiver<TPeer>(SessionLimits limits)
{
    private readonly Dictionary<Guid, ReceivedSession<TPeer>> _sessions = [];
    private readonly List<Addressed<TPeer>> _answered = [];
    private long _uses;

    public int Count => _sessions.Count;

    /// <summary>
    /// Opens a session. The items of the sender's former session are waited for, so that the window bounds both
    /// together.
    /// </summary>
    /// <param name="from">Where the session's answers go.</param>
    /// <returns>
    /// Null where nothing is said: the session is an older one, or the sender has to ask again later.
    /// </returns>
    public SessionOpened? Open(OpenSession open, TPeer from)
    {
        if (!_sessions.TryGetValue(open.Sender, out var session))
        {
            if (_sessions.Count >= limits.Sessions && !TryEvict())
                return null;
            _sessions.Add(open.Sender, session = new ReceivedSession<TPeer>(open.Sender, limits.Window, _answered.Add));
        }

        session.LastUse = ++_uses;
        return session.TryOpen(open.Session, from) ? new SessionOpened(open.Session, limits.Window) : null;
    }

    /// <param name="items">
    /// What was taken, each with the recipient of its reply. The partition replies once to each, in any order.
    /// </param>
    public BatchVerdict Take(Batch batch, out IReadOnlyList<Envelope> items)
    {
        items = [];
        if (!_sessions.TryGetValue(batch.Sender, out var session))
            return BatchVerdict.Refused;
        session.LastUse = ++_uses;
        return session.Take(batch, out items);
    }

    /// <returns>
    /// <see cref="SessionAlive"/> or <see cref="SessionRefused"/>; null for a probe that later messages overtook.
    /// </returns>
    public SessionMessage? Probe(ProbeSession probe)
    {
        if (!_sessions.TryGetValue(probe.Sender, out var session))
            return new SessionRefused(probe.Session);
        session.LastUse = ++_uses;
        return session.Probe(probe);
    }

    /// <summary>
    /// The batches that are answered since it was asked last, in the order in which they were completed.
    /// </summary>
    public IReadOnlyList<Addressed<TPeer>> TakeAnswered()
    {
        Addressed<TPeer>[] answered = [.. _answered];
        _answered.Clear();
        return answered;
    }

    /// <summary>
    /// Ends every session: the partition stops or moves. A sender that is warned does not have to find out by silence.
    /// </summary>
    public IReadOnlyList<Addressed<TPeer>> Stop()
    {
        Addressed<TPeer>[] refusals = [.. _sessions.Values.Select(session => session.End())];
        _sessions.Clear();
        return refusals;
    }

    /// <summary>Makes room: of the sessions with nothing unanswered, the one that was idle longest.</summary>
    private bool TryEvict()
    {
        var idle = _sessions.Values.Where(session => session.Unanswered == 0).MinBy(session => session.LastUse);
        return idle is not null && _sessions.Remove(idle.Sender);
    }
}
