using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>The address of a partition's actor. A restart in place puts another incarnation behind it.</summary>
internal sealed class OwnerAddress(string name) : IEndpoint
{
    public string Name => name;

    /// <summary>Null once the actor has ended: what comes is lost.</summary>
    public SimulatedOwner? Owner { get; set; }

    public void On(SessionMessage message, IEndpoint from) => Owner?.On(message, from);
}

/// <summary>
/// One incarnation of a partition's actor: sessions in front, then turns, with one write in flight. A write that is
/// lost loses all that waits behind it.
/// </summary>
internal sealed class SimulatedOwner : SimulatedActor
{
    private readonly OwnerAddress _address;
    private readonly long _epoch;
    private readonly SessionReceiver<IEndpoint> _receiver;
    private readonly Queue<Envelope> _waiting = new();
    private readonly Dictionary<Guid, (long Session, long Next)> _expected = [];

    // Items of each sender that are not answered.
    private readonly int[] _held;
    private Dictionary<ItemKey, Reply> _decisions;
    private bool _isTurnAsked;
    private bool _isWriting;
    private bool _isStopping;

    /// <summary>Recovers: fences the former owner, and reads what it left.</summary>
    public SimulatedOwner(SessionWorld world, OwnerAddress address)
        : base(world)
    {
        _address = address;
        _receiver = new SessionReceiver<IEndpoint>(world.Weather.Limits);
        _held = new int[world.Weather.Senders];
        _epoch = world.Store.Fence();
        _decisions = world.Store.Read();
        address.Owner = this;
    }

    private SessionDefect Defect => World.Defect;

    public void On(SessionMessage message, IEndpoint from) => Run(() =>
    {
        if (_isStopping)
            return;
        switch (message)
        {
            case OpenSession open:
                Open(open, from);
                break;
            case Batch batch:
                Take(batch, from);
                break;
            case ProbeSession probe:
                Probe(probe, from);
                break;
        }
    });

    /// <summary>Ends in order: what waits is decided first, then each sender is notified.</summary>
    public void Stop() => Run(() =>
    {
        _isStopping = true;
        StopIfIdle();
    });

    private void Open(OpenSession open, IEndpoint from)
    {
        var count = _receiver.Count;
        var opened = _receiver.Open(open, from);
        if (opened is not null && count == _receiver.Count && !_expected.ContainsKey(open.Sender))
            World.Count(SessionEffect.Evicted);
        if (opened is null)
            World.Count(SessionEffect.OpenIgnored);
        else
            Send(from, opened);
        if (opened is not null)
            _expected[open.Sender] = (open.Session, 0);
    }

    private void Take(Batch batch, IEndpoint from)
    {
        var verdict = _receiver.Take(batch, out var items);
        switch (verdict)
        {
            case BatchVerdict.Taken:
                World.Count(SessionEffect.BatchTaken);
                _expected[batch.Sender] = (batch.Session, batch.Number + 1);
                Enqueue(items);
                break;
            case BatchVerdict.Refused:
                World.Count(SessionEffect.BatchRefused);
                if (IsTakenByDefect(batch))
                    EnqueueUnseen(batch);
                else
                    Send(from, new SessionRefused(batch.Session));
                break;
            default:
                World.Count(SessionEffect.BatchIgnored);
                if (Defect == SessionDefect.OlderSessionIsTaken
                    && _expected.TryGetValue(batch.Sender, out var current)
                    && batch.Session < current.Session)
                    EnqueueUnseen(batch);
                break;
        }

        AskForTurn();
    }

    /// <summary>A full partition takes a part of a batch, and then nothing.</summary>
    private void Enqueue(IReadOnlyList<Envelope> items)
    {
        var taken = World.Strikes(World.Weather.OverloadedPercent) ? World.Dice.Below(items.Count) : items.Count;
        if (taken < items.Count)
            World.Count(SessionEffect.BatchOverloaded);
        ref var held = ref _held[ItemKey.Of(items[0]).Sender];
        held += items.Count;
        World.Witness.Held(held, World.Weather.Limits.Window);
        foreach (var item in items.Take(taken))
            _waiting.Enqueue(item);
        foreach (var item in items.Skip(taken))
            Reply(item, new Reply(default, Outcome.Overloaded));
        SendAnswered();
    }

    private bool IsTakenByDefect(Batch batch)
    {
        var isCurrent = _expected.TryGetValue(batch.Sender, out var expected) && expected.Session == batch.Session;
        return Defect switch
        {
            SessionDefect.GapIsTaken => isCurrent && batch.Number > expected.Next,
            SessionDefect.TakenAfterUnknown => isCurrent && batch.Number == expected.Next,
            SessionDefect.UnknownSessionIsTaken => !isCurrent,
            _ => false,
        };
    }

    /// <summary>The receiver does not know of these, so they are not counted.</summary>
    private void EnqueueUnseen(Batch batch)
    {
        foreach (var item in batch.Items)
            _waiting.Enqueue(item.With(NoReply.Instance));
    }

    private void Probe(ProbeSession probe, IEndpoint from)
    {
        var reply = _receiver.Probe(probe);
        if (Defect == SessionDefect.LostAnswerIsDenied && reply is SessionAlive)
            reply = new SessionAlive(probe.Session, 0);
        if (reply is SessionRefused)
            World.Count(SessionEffect.ProbedRefused);
        else if (reply is SessionAlive alive)
            World.Count(alive.Oldest == probe.Next ? SessionEffect.ProbedLostAnswer : SessionEffect.ProbedAlive);
        if (reply is not null)
            Send(from, reply);
    }

    private void AskForTurn()
    {
        if (_isTurnAsked || _isWriting || _waiting.Count == 0)
            return;
        _isTurnAsked = true;
        After(TimeSpan.FromMicroseconds(World.Dice.Below(2_000)), DecideTurn);
    }

    private void DecideTurn()
    {
        _isTurnAsked = false;
        var answers = new List<(Envelope Item, Reply Reply)>();
        var decided = new List<(ItemKey, Reply)>();
        for (var left = 1 + World.Dice.Below(40); left > 0 && _waiting.TryDequeue(out var item); left--)
            answers.Add((item, Decide(ItemKey.Of(item), decided)));
        if (Defect == SessionDefect.AnsweredTooSoon)
        {
            Answer(answers);
            answers.Clear();
        }

        _isWriting = true;
        var (there, back) = (WriteTime(), TimeSpan.FromMicroseconds(World.Dice.Below(500)));

        // The store acts though its writer may be frozen or have ended by then.
        World.Time.After(there, () =>
        {
            var reply = World.Store.Write(_epoch, decided);
            After(back, () => Settle(reply, answers));
        });
    }

    private Reply Decide(ItemKey key, List<(ItemKey, Reply)> decided)
    {
        if (_decisions.TryGetValue(key, out var known))
        {
            World.Count(SessionEffect.DecidedAgain);
            return known;
        }

        // Another decision of the same command would differ, as its state would.
        var reply = new Reply(
            default, (Outcome)((int)Outcome.Done + World.Dice.Below(8)), (Reason)(1 + World.Dice.Below(50)));
        _decisions.Add(key, reply);
        decided.Add((key, reply));
        return reply;
    }

    private TimeSpan WriteTime() =>
        TimeSpan.FromMicroseconds(
            500 + World.Dice.Below(World.Strikes(World.Weather.SlowWritePercent) ? 3_000_000 : 6_000));

    private void Settle(WriteReply reply, List<(Envelope Item, Reply Reply)> answers)
    {
        _isWriting = false;
        if (reply == WriteReply.Durable)
        {
            Answer(answers);
        }
        else
        {
            World.Count(SessionEffect.AnsweredUnknown);
            var unknown = new Reply(default, Outcome.Unknown);
            Answer([.. answers.Select(answer => (answer.Item, unknown)), .. _waiting.Select(item => (item, unknown))]);
            _waiting.Clear();
            _decisions = World.Store.Read();
        }

        if (reply == WriteReply.Fenced)
            EndHere();
        AskForTurn();
        StopIfIdle();
    }

    /// <summary>Answers in order, but for some that come later: durable ones whose records are read first.</summary>
    private void Answer(List<(Envelope Item, Reply Reply)> answers)
    {
        foreach (var (item, reply) in answers)
        {
            if (reply.Outcome != Outcome.Unknown && World.Strikes(World.Weather.AnsweredLatePercent))
                After(TimeSpan.FromMilliseconds(World.Dice.Below(200)), () => AnswerLate(item, reply));
            else
                Reply(item, reply);
        }

        SendAnswered();
    }

    private void AnswerLate(in Envelope item, in Reply reply)
    {
        World.Count(SessionEffect.AnsweredOutOfOrder);
        Reply(item, reply);
        SendAnswered();
    }

    private void Reply(in Envelope item, in Reply reply)
    {
        if (item.ReplyTo is not NoReply)
            _held[ItemKey.Of(item).Sender]--;
        item.ReplyTo.OnReply(default, reply);
    }

    private void SendAnswered()
    {
        foreach (var answered in _receiver.TakeAnswered())
            Send(answered.To, answered.Message);
    }

    private void StopIfIdle()
    {
        if (!_isStopping || _isWriting || _waiting.Count > 0 || IsEnded)
            return;
        foreach (var refused in _receiver.Stop())
            Send(refused.To, refused.Message);
        EndHere();
    }

    private void EndHere()
    {
        End();
        if (_address.Owner == this)
            _address.Owner = null;
    }

    private void Send(IEndpoint to, SessionMessage message) => World.Wire.Send(_address, to, message);
}
