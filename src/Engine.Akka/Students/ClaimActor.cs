using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// A claim: decides by what is said to it, and keeps its own history. It lives below its student's actor, in his shard; when it throws he begins again with all
/// his claims, each from what it has kept.
/// </summary>
internal sealed class ClaimActor : UntypedPersistentActor, IRecordSink
{
    private const int SnapshotEvery = 50;

    private readonly IActorLogic _logic;
    private readonly ulong _number;
    private StudentCell _shell;
    private int _told;

    public ClaimActor(StudentId student, ulong number, IActorLogic logic)
    {
        (_logic, _number) = (logic, number);
        PersistenceId = PersistedIds.OfClaim(student, number);
        _shell = Shell(student, number);
    }

    public override string PersistenceId { get; }

    private OpenClaim File => _shell.OpenClaims[0];

    private Claim Claim => File.Claim;

    public static Props Props(StudentId student, ulong number, IActorLogic logic) => global::Akka.Actor.Props.Create(() => new ClaimActor(student, number, logic));

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Hear hear:
                Decide(hear);
                Sender.Tell(new Said(_number));
                break;
            case Evolved evolved:
                foreach (var e in evolved.Events)
                    _logic.Evolve(Claim, (ClaimEvent)e);
                _told += evolved.Events.Length;
                break;
            case Settle settle:
                Keep(settle);
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: ClaimSnapshot snapshot }:
                _shell = new StudentCell(_shell.Id);
                var r = new ByteReader(snapshot.Bytes);
                SnapshotCodec.ReadOpen(ref r, _shell);
                break;
            case ClaimRecord record:
                Apply(record.Bytes);
                break;
        }
    }

    /// <summary>The student stops, and begins again later: he alone knows who waits.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new ClaimLost(_number, cause));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new ClaimLost(_number, cause));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Context.Parent.Tell(new ClaimLost(_number, reason));

    private void Decide(Hear hear)
    {
        switch (hear.What)
        {
            case ClaimCommand command:
                _logic.Decide(Claim, command, hear.Siblings, hear.Decision);
                break;
            case CoverageAnswer answer:
                _logic.Decide(Claim, answer, hear.Decision);
                break;
            case CoverageChanged changed:
                _logic.Decide(Claim, changed, hear.Decision);
                break;
            default:
                throw new InvalidOperationException($"a claim does not take {hear.What.GetType().Name}");
        }
    }

    private void Keep(Settle settle)
    {
        if (settle.First < File.EventCount)
        {
            // Kept before its student was stopped; he has only not heard of it.
            Sender.Tell(new Settled(_number));
            return;
        }

        Persist(new ClaimRecord(settle.Record), record =>
        {
            // In a conversation that just ended it was told each event as it was decided. One that was begun again after a stop was not.
            if (_told > 0)
                _shell.OpenClaims[0].EventCount += (ushort)_told;
            else
                Apply(record.Bytes);
            _told = 0;
            Sender.Tell(new Settled(_number));
            if (LastSequenceNr % SnapshotEvery == 0)
                SaveSnapshot(new ClaimSnapshot(Bytes()));
        });
    }

    private byte[] Bytes()
    {
        var w = new ByteWriter();
        SnapshotCodec.Write(w, File);
        return w.Written.ToArray();
    }

    private void Apply(byte[] record)
    {
        var reader = new SegmentReader(Segment.Seal(0, 0, 1, 1, record));
        while (reader.Read(this))
        {
        }
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        // One record is one step of one claim: nothing to prepare.
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
        _logic.Evolve(Claim, (ClaimEvent)e);
        _shell.OpenClaims[0].EventCount++;
    }

    void IRecordSink.End()
    {
        // Nor to conclude.
    }

    private static StudentCell Shell(StudentId student, ulong number)
    {
        var shell = new StudentCell(student);
        shell.Open(number, 0);
        return shell;
    }
}

/// <summary>A claim's actor cannot read or keep its history.</summary>
internal sealed record ClaimLost(ulong Claim, Exception Why) : INoSerializationVerificationNeeded;
