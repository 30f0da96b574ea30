using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Partitions.Sessions;

/// <summary>
/// Sends the items of one sender to one partition, in order and in sessions, and answers each caller once. An event
/// that leaves an outcome unknown ends the session. Unanswered items are sent again, which is safe because commands are
/// idempotent (docs/sessions.md).
/// </summary>
/// <remarks>
/// It has no clock: each input brings the time since any fixed moment. The shell takes the actions after its inputs.
/// Items that are posted before it takes them travel together.
/// </remarks>
/// <param name="sender">
/// Identifies one incarnation of the sender. A new <see cref="SessionSender"/> to the same partition needs a new one,
/// because it numbers its sessions from 1.
/// </param>
internal sealed class SessionSender(Guid sender, SessionOptions options)
{
    private readonly List<SentBatch> _sent = [];
    private Queue<PostedItem> _waiting = new();
    private SessionActions _actions = new();
    private TimeSpan _now;

    // The session.
    private State _state;
    private long _session;
    private long _next;
    private int _window;
    private int _inFlight;
    private bool _isReopened;

    // Opening: no two attempts are closer than the retry time.
    private TimeSpan _openAt = TimeSpan.MinValue;
    private TimeSpan _retry = options.OpenRetryMin;

    // Silence: counted from the last word about the oldest batch, so that answers to later ones do not hide a lost one.
    private TimeSpan _heardAt;
    private TimeSpan _probedAt;
    private TimeSpan? _silentSince;

    private enum State : byte
    {
        /// <summary>No session is open, and none is needed.</summary>
        Idle,

        /// <summary>A session is asked for, or will be after a pause.</summary>
        Opening,

        /// <summary>A session is open.</summary>
        Open,
    }

    /// <summary>Items that have no answer yet.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Items that it takes.</summary>
    public int Room => options.ItemsMax - Unanswered;

    /// <summary>
    /// Takes an item. Its caller is answered once: with the partition's reply, or with <see cref="Outcome.Unknown"/>
    /// after the deadline or once the partition is out of service.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="Room"/>.</exception>
    public void Post(in SessionItem item, IReplyTo caller, TimeSpan now)
    {
        if (Room <= 0)
            throw new InvalidOperationException(
                $"{options.ItemsMax} items wait already: the caller has to look at the room");
        Pass(now);
        _waiting.Enqueue(new PostedItem(item, caller, _now + options.Deadline));
        Unanswered++;
        if (_state == State.Idle)
            Reopen();
    }

    /// <summary>Begins to send, if this is the session that was asked for.</summary>
    /// <returns>
    /// True where the session is sent to the actor that said so. A later actor that says so is ignored, so a session
    /// has one receiver.
    /// </returns>
    public bool OnOpened(SessionOpened opened, TimeSpan now)
    {
        Pass(now);
        if (_state != State.Opening || opened.Session != _session)
            return false;
        (_state, _window, _next) = (State.Open, opened.Window, 0);
        return true;
    }

    /// <summary>
    /// Answers the callers of a batch. Replies that leave the outcome open are kept from them, and end the session.
    /// </summary>
    public void OnAnswered(BatchAnswered answered, TimeSpan now)
    {
        Pass(now);
        var place = IsOpen(answered.Session) ? _sent.FindIndex(batch => batch.Number == answered.Number) : -1;
        if (place < 0)
            return;
        var items = _sent[place].Items;
        if (!TryAnswer(items, answered.Replies))
        {
            End();
            return;
        }

        _sent.RemoveAt(place);
        _inFlight -= items.Length;
        if (place == 0)
            Heard();
        (_isReopened, _retry) = (false, options.OpenRetryMin);
    }

    /// <summary>
    /// The partition refuses the session. The shell says so too when it learns that the session's actor has ended.
    /// </summary>
    public void OnRefused(SessionRefused refused, TimeSpan now)
    {
        Pass(now);
        if (IsOpen(refused.Session))
            End();
    }

    /// <summary>
    /// The partition is out of service: every caller is answered <see cref="Outcome.Unknown"/>, as a process that has
    /// the journal to itself answers. What is posted later asks again.
    /// </summary>
    /// <returns>False where it is about a session that is not asked for any more.</returns>
    public bool OnOutOfService(OutOfService answer, TimeSpan now)
    {
        Pass(now);
        if (_state != State.Opening || answer.Session != _session)
            return false;
        Stop();
        (_retry, _openAt) = (options.OpenRetryMin, _now + options.OpenRetryMin);
        return true;
    }

    public void OnAlive(SessionAlive alive, TimeSpan now)
    {
        Pass(now);
        if (!IsOpen(alive.Session) || _sent.Count == 0)
            return;
        if (alive.Oldest > _sent[0].Number)
            End();
        else
            Heard();
    }

    /// <summary>
    /// Acts on what is late: items, answers, the opening of a session. The shell calls it every 100 ms or so.
    /// </summary>
    public void OnTick(TimeSpan now)
    {
        Pass(now);
        GiveUp(_now);
        if (_state == State.Opening && _waiting.Count == 0)
            _state = State.Idle;
        if (_state == State.Open && _sent.Count > 0)
            Listen();
    }

    /// <summary>Answers every caller <see cref="Outcome.Unknown"/>: the sender stops.</summary>
    public void Stop()
    {
        GiveUp(TimeSpan.MaxValue);
        _sent.Clear();
        (_state, _inFlight) = (State.Idle, 0);
    }

    /// <summary>What there is to do since it was asked last.</summary>
    public SessionActions TakeActions()
    {
        if (_state == State.Opening && _now >= _openAt)
            Open();
        while (BatchRoom() is var room and > 0)
            Send(room);
        if (_actions.IsEmpty)
            return SessionActions.Nothing;
        var actions = _actions;
        _actions = new SessionActions();
        return actions;
    }

    private bool IsOpen(long session) => _state == State.Open && session == _session;

    private void Pass(TimeSpan now) => _now = now > _now ? now : _now;

    private void Reopen() => (_state, _session) = (State.Opening, _session + 1);

    private void Open()
    {
        _actions.ToRouter = new OpenSession(sender, _session);
        _openAt = _now + _retry;
        _retry = _retry * 2 < options.OpenRetryMax ? _retry * 2 : options.OpenRetryMax;
    }

    /// <summary>Items that the next batch may have.</summary>
    private int BatchRoom()
    {
        var batches = _isReopened ? 1 : options.BatchesMax;
        if (_state != State.Open || _waiting.Count == 0 || _sent.Count >= batches)
            return 0;
        var items = _isReopened ? Math.Min(options.BatchItemsMax, options.ItemsAfterReopening) : options.BatchItemsMax;
        return Math.Min(Math.Min(items, _window - _inFlight), _waiting.Count);
    }

    private void Send(int itemsMax)
    {
        var (count, bytes) = (0, SessionCodec.HeaderBytesMax);
        foreach (var posted in _waiting)
        {
            bytes += posted.Item.BytesMax;
            if (count == itemsMax || (count > 0 && bytes > options.BatchBytesMax))
                break;
            count++;
        }

        var posts = new PostedItem[count];
        var items = new SessionItem[count];
        for (var i = 0; i < count; i++)
        {
            posts[i] = _waiting.Dequeue();
            items[i] = posts[i].Item;
        }

        if (_sent.Count == 0)
            Heard();
        _sent.Add(new SentBatch(_next, posts));
        _inFlight += count;
        _actions.ToPartition.Add(new Batch(sender, _session, _next++, items));
    }

    private void Heard() => (_heardAt, _probedAt, _silentSince) = (_now, _now, null);

    private void Listen()
    {
        if (_silentSince is { } since && _now - since >= options.SilenceMax)
        {
            End();
        }
        else if (_now - _heardAt >= options.ProbeAfter && _now - _probedAt >= options.ProbeAfter)
        {
            _probedAt = _now;
            _silentSince ??= _now;
            _actions.ToPartition.Add(new ProbeSession(sender, _session, _next));
        }
    }

    /// <summary>The session is over. What has no answer goes back to the front, oldest first.</summary>
    private void End()
    {
        _waiting = new Queue<PostedItem>(
            [.. _sent.SelectMany(batch => batch.Items).Where(posted => !posted.IsAnswered), .. _waiting]);
        _sent.Clear();
        _inFlight = 0;

        // A probe that is not on its way yet asks for nothing any more.
        _actions.ToPartition.Clear();
        _isReopened = true;
        if (_waiting.Count > 0)
            Reopen();
        else
            _state = State.Idle;
    }

    /// <summary>Gives each caller the reply that decides its item.</summary>
    /// <returns>False where an outcome is open: unknown, overloaded, or not reported.</returns>
    private bool TryAnswer(PostedItem[] items, Reply[] replies)
    {
        if (replies.Length != items.Length)
            return false;
        var isDecided = true;
        for (var i = 0; i < items.Length; i++)
        {
            if (replies[i].Outcome.IsOpen())
                isDecided = false;
            else
                Answer(ref items[i], replies[i]);
        }

        return isDecided;
    }

    private void Answer(ref PostedItem posted, in Reply reply)
    {
        if (posted.IsAnswered)
            return;
        posted.IsAnswered = true;
        Unanswered--;
        _actions.Answers.Add(new Answer(posted.Caller, posted.Item.Student, reply with { Command = posted.Item.Id }));
    }

    /// <summary>
    /// Gives up the items whose deadline is past. Deadlines follow the order of posting, so the first that is not past
    /// ends the search.
    /// </summary>
    private void GiveUp(TimeSpan now)
    {
        foreach (var batch in _sent)
        {
            for (var i = 0; i < batch.Items.Length; i++)
            {
                if (batch.Items[i].Deadline > now)
                    return;
                Answer(ref batch.Items[i], new Reply(default, Outcome.Unknown));
            }
        }

        while (_waiting.TryPeek(out var posted) && posted.Deadline <= now)
        {
            _waiting.Dequeue();
            Answer(ref posted, new Reply(default, Outcome.Unknown));
        }
    }
}

internal static class SessionOutcomes
{
    /// <summary>True where the command has to be sent again.</summary>
    public static bool IsOpen(this Outcome outcome) => outcome is Outcome.Unknown or Outcome.Overloaded;
}
