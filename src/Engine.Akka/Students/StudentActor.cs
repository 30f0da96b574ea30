using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// A student: takes one command at a time, speaks with his claims until nobody has anything to say, keeps what was decided as one record, lets each claim and
/// each ledger keep its part, and only then answers. No transaction spans them: what a crash leaves undone behind the record is done again from the record.
/// </summary>
internal sealed class StudentActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan AskAgainEvery = TimeSpan.FromSeconds(1);
    private const string AskingAgain = "ask again";

    private readonly StudentId _id;
    private readonly StudentSetup _setup;
    private readonly SegmentWriter _writer = new();
    private readonly RecordParts _parts;
    private readonly Queue<Action> _toDo = new();
    private StudentFile _file;
    private Conversation? _talk;
    private Asker? _asker;
    private Reply _reply;
    private DateOnly _noted = DateOnly.MaxValue;
    private string? _quarantine;
    private StudentPhase _phase;

    public StudentActor(StudentId id, StudentSetup setup)
    {
        (_id, _setup, _parts) = (id, setup, new RecordParts(setup.PartyShards));
        _file = new StudentFile(id, setup.Logic);
        PersistenceId = PersistedIds.Of(id);
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(StudentId id, StudentSetup setup) => global::Akka.Actor.Props.Create(() => new StudentActor(id, setup));

    protected override void PreStart()
    {
        _setup.Living.Add(1);
        base.PreStart();
    }

    protected override void PostStop()
    {
        _setup.Living.Add(-1);
        base.PostStop();
    }

    private void Begin()
    {
        _noted = _file.Cell.LooksAgainOn;
        Context.SetReceiveTimeout(_setup.PassivateAfter);

        // Claims and ledgers may not have heard of the last record.
        if (_quarantine is null && _file.Records > 0 && _file.LastEvents.Count > 0)
        {
            Settle(_file.LastHeader, [.. _file.LastEvents]);
        }
    }

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            Begin();
            return;
        }

        try
        {
            switch (message)
            {
                case SnapshotOffer { Snapshot: StudentSnapshot snapshot }:
                    _file.Restore(snapshot.Bytes);
                    break;
                case StudentRecord record when _quarantine is null:
                    _file.Apply(record.Bytes);
                    break;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Out of service until somebody mends what cannot be replayed; the others are not touched.
            _quarantine = e.Message;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Said:
                GoOn(_talk!.Heard);
                break;
            case Settled settled:
                _parts.Settled(settled.Claim);
                GoOnWhenSettled();
                break;
            case PostingsAccepted taken:
                _parts.Taken(taken.Party, taken.Record);
                GoOnWhenSettled();
                break;
            case DeadlineHeard heard when _phase == StudentPhase.Noting && heard.Day == _noted:
                Timers.Cancel(AskingAgain);
                Keep();
                break;
            case AskAgain when _phase is StudentPhase.Noting or StudentPhase.Settling:
                Ask();
                break;
            case ClaimLost lost:
                Fail(lost.Why);
                break;
            case AfterFailure after:
                after.Asker.Ref.Tell(new StudentReply(after.Asker.Ticket, _id, new Reply(after.Command, _quarantine is null ? Outcome.Failed : Outcome.Quarantined)));
                break;
            case DeadlineHeard or AskAgain or SaveSnapshotSuccess or SaveSnapshotFailure:
                // Late, or of no use.
                break;
            case ReceiveTimeout:
                if (_phase == StudentPhase.Idle)
                    Context.Parent.Tell(new Passivate(StopStudent.Instance));
                break;
            case StopStudent when _phase == StudentPhase.Idle:
                Context.Stop(Self);
                break;
            case var _ when _phase != StudentPhase.Idle:
                Stash.Stash();
                break;
            case StudentCommand command:
                Take(command.Command, command.Day, new Asker(Sender, command.Ticket));
                break;
            case ResolveCommand resolve:
                Resolve(resolve);
                break;
            case FireDue due:
                Fire(due);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A claim that throws is its student's trouble: he begins again with all of them.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void PreRestart(Exception reason, object message)
    {
        if (_asker is { } asker && _talk?.Command is { } command)
            Self.Tell(new AfterFailure(asker, command.Id));
        base.PreRestart(reason, message);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => TellLost(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        TellLost(cause);
        Context.Stop(Self);
    }

    private void TellLost(Exception cause)
    {
        _setup.Warn($"student {_id}: the store did not keep a record ({cause.Message}): whether it stands is found out when he is read again");
        if (_asker is { } asker)
            asker.Ref.Tell(new PersistFailed(asker.Ticket, _id));
    }

    private void Take(Command command, DateOnly day, Asker asker)
    {
        _asker = asker;
        if (Known(command, day) is { } known)
        {
            Answer(known);
            return;
        }

        // T6: what fell due comes before what the day brings; and what was learnt late may have a deadline that has passed already.
        _phase = StudentPhase.Deciding;
        _toDo.Enqueue(() => FireIfDue(day));
        _toDo.Enqueue(() => Begin(NewTalk(command, day)));
        _toDo.Enqueue(() => FireIfDue(day));
        Next();
    }

    /// <summary>The answer to what need not be decided; null where it has to be.</summary>
    private Reply? Known(Command command, DateOnly day)
    {
        var isKnown = _file.Cell.Receipts.TryFind(command.Id, out var receipt) && command is not Query;
        if (command.Known < day && command is not Query && !isKnown)
            return new Reply(command.Id, Outcome.Stale);
        if (_quarantine is not null)
            return new Reply(command.Id, Outcome.Quarantined);
        if (!isKnown)
            return null;
        return receipt.Fingerprint == command.Fingerprint()
            ? new Reply(command.Id, receipt.Outcome, receipt.Reason, _file.RevisedBy(command.Id))
            : new Reply(command.Id, Outcome.Conflict);
    }

    private void Resolve(ResolveCommand resolve)
    {
        _asker = new Asker(Sender, resolve.Ticket);
        var known = resolve.Command is Query ? null : Known(resolve.Command, resolve.Day);
        Answer(known is { } reply && reply.Outcome != Outcome.Stale ? reply : new Reply(resolve.Command.Id, Outcome.Unknown));
    }

    private void Fire(FireDue due)
    {
        var asker = Sender;
        _phase = StudentPhase.Deciding;
        _toDo.Enqueue(() => FireIfDue(due.Day));
        _toDo.Enqueue(() =>
        {
            asker.Tell(new DueFired(_id, due.Day));
            Next();
        });
        Next();
    }

    private void FireIfDue(DateOnly day)
    {
        if (_file.Cell.LooksAgainOn > day || _quarantine is not null)
            Next();
        else
            Begin(NewTalk(null, day));
    }

    private void Next()
    {
        if (_toDo.TryDequeue(out var next))
        {
            next();
            return;
        }

        if (_asker is not null)
            Answer(_reply);
        _phase = StudentPhase.Idle;
        Stash.UnstashAll();
    }

    private void Answer(in Reply reply)
    {
        if (_asker is { } asker)
            asker.Ref.Tell(new StudentReply(asker.Ticket, _id, reply));
        _asker = null;
    }

    private void Begin(Conversation talk)
    {
        if (_quarantine is not null)
        {
            _reply = new Reply(talk.Command!.Id, Outcome.Quarantined);
            Next();
            return;
        }

        _talk = talk;
        _file.Begin();
        GoOn(talk.Start);
    }

    /// <param name="step">True when it was the last.</param>
    private void GoOn(Func<bool> step)
    {
        try
        {
            if (step())
                Conclude(_talk!);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(e);
        }
    }

    private void Conclude(Conversation talk)
    {
        if (talk.Decision.Outcome == Outcome.Answered)
        {
            _reply = new Reply(talk.Command!.Id, Outcome.Answered, Reason.None, talk.Decision.Answer);
            _talk = null;
            Next();
            return;
        }

        if (talk.Command is null && talk.Events.Count == 0)
            throw new InvalidOperationException($"student {_id} has a deadline on {_file.Cell.LooksAgainOn} and nothing falls due");

        // The calendar hears of a deadline before it stands: one too many does no harm, one too few would never fire.
        if (_file.Cell.NextDeadline is var next && next != DateOnly.MaxValue && next != _noted)
        {
            (_noted, _phase) = (next, StudentPhase.Noting);
            Ask();
        }
        else
        {
            Keep();
        }
    }

    /// <summary>Asks whoever has not answered; again and again, for what is on its way may be lost when a host goes.</summary>
    private void Ask()
    {
        foreach (var postings in _parts.Untaken)
            _setup.Ledgers.Tell(postings);
        if (_phase == StudentPhase.Noting)
            _setup.Calendar.Tell(new LookAgain(_id, _noted));
        Timers.StartSingleTimer(AskingAgain, new AskAgain(), AskAgainEvery);
    }

    private void Keep()
    {
        _phase = StudentPhase.Deciding;
        var talk = _talk!;
        var header = talk.Header(_id);
        Persist(new StudentRecord(Bytes(header, talk.Events)), _ =>
        {
            _file.Book(header, talk.Events);
            if (talk.Command is not null)
                _reply = new Reply(header.Id, header.Outcome, header.Reason, ClaimsRevised.Of(header.Kind, talk.Events));
            else if (_file.Cell.LooksAgainOn <= talk.Day)
                _toDo.Enqueue(() => FireIfDue(talk.Day));
            _talk = null;
            Settle(header, talk.Events);
        });
    }

    /// <summary>Lets claims and ledgers keep their parts of the last record.</summary>
    private void Settle(RecordHeader header, IReadOnlyList<Event> events)
    {
        _phase = StudentPhase.Settling;
        foreach (var claim in Conversation.ByClaim(events))
        {
            var part = claim.ToList();
            _parts.Add(claim.Key);
            ClaimRef(claim.Key).Tell(new Settle(_file.EventsOf(claim.Key) - part.Count, Bytes(header, part)));
        }

        _parts.Add(_id, _file.Records, header.Known, _file.Postings);
        if (_parts.Untaken.Count > 0)
            Ask();
        GoOnWhenSettled();
    }

    private void GoOnWhenSettled()
    {
        // Who was asked twice answers twice, and the second answer may come when something else is decided already.
        if (_phase != StudentPhase.Settling || !_parts.AreKept)
            return;
        _phase = StudentPhase.Deciding;
        Timers.Cancel(AskingAgain);
        if (_file.Records % _setup.SnapshotEvery == 0)
            SaveSnapshot(new StudentSnapshot(_file.ToSnapshot()));
        Next();
    }

    private byte[] Bytes(in RecordHeader header, IReadOnlyList<Event> events)
    {
        _writer.Begin(header.Known);
        _writer.Append(header, events.ToArray(), null);
        return _writer.Seal(0, 0, 1).Payload.ToArray();
    }

    /// <summary>
    /// Something threw: nothing of the conversation stands, so this actor and its claims are thrown away and read again. But a deadline that cannot be decided would
    /// come back for ever: its student is out of service until the next start, and named.
    /// </summary>
    private void Fail(Exception why)
    {
        if (_talk is not { Command: null } due)
            throw new ConversationFailedException($"student {_id}: {why.Message}", why);
        _quarantine = $"deadline of {due.Day:yyyy-MM-dd}: {why.Message}";
        _setup.Warn($"student {_id} is out of service: {_quarantine}");
        _talk = null;
        Next();
    }

    private Conversation NewTalk(Command? command, DateOnly day) => new(_file, _setup.Logic, (claim, what) => ClaimRef(claim).Tell(what), command, day);

    private IActorRef ClaimRef(ulong number)
    {
        var name = $"claim-{number}";
        var child = Context.Child(name);
        return child.IsNobody() ? Context.ActorOf(ClaimActor.Props(_id, number, _setup.Logic), name) : child;
    }
}
