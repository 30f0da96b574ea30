using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors;

/// <summary>
/// Hosts the core of a partition as a persistent actor: what waits becomes one turn, a turn becomes one event, and answers leave when that is durable. One write
/// is in flight; the next turn gathers behind it.
/// </summary>
internal sealed class PartitionActor : UntypedPersistentActor
{
    private readonly PartitionHost _host;
    private readonly Queue<InFlight> _inFlight = new();
    private readonly FrameIndex _index = new();
    private readonly PartitionState _state;
    private readonly FrameChain _chain;
    private PartitionCore _core = null!;
    private bool _isTurnAsked;

    public PartitionActor(PartitionHost host)
    {
        _host = host;
        _state = host.NewState();
        _chain = new FrameChain(host.Partition);
        PersistenceId = host.PersistenceId;
    }

    public override string PersistenceId { get; }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case PersistedFrame frame:
                var followed = _chain.Follow(frame.Bytes);
                _state.Apply(followed);
                _index.Add(followed.FirstRecord);
                break;
            case RecoveryCompleted:
                _core = new PartitionCore(_host.Partition, _chain.Position.Incarnation + 1, _state, _host.Logic, _host.Limits, _host.Relay);
                Send(Notices.From(_state));
                _host.Opened(_state);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Envelope envelope:
                _core.Take(envelope);
                AskForTurn();
                break;
            case TakeTurn:
                _isTurnAsked = false;
                TakeTurns();
                break;
            case RecordsRead read:
                foreach (var result in read.Results)
                    _core.Supply(result);
                AskForTurn();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Behind all that is in the mailbox by now: a turn takes what waits.</summary>
    private void AskForTurn()
    {
        if (_isTurnAsked || _core.Uncommitted >= _host.TurnsInFlightMax)
            return;
        _isTurnAsked = true;
        Self.Tell(TakeTurn.Instance);
    }

    private void TakeTurns()
    {
        if (_core.Uncommitted < _host.TurnsInFlightMax && _core.Decide() is { } turn)
        {
            var inFlight = new InFlight(turn, Stopwatch.GetTimestamp());
            _inFlight.Enqueue(inFlight);
            if (turn.Frame is { } frame)
            {
                var encoded = _chain.Encode(frame);
                _chain.Advance(encoded);
                PersistAsync(new PersistedFrame(encoded.Bytes), persisted => OnPersisted(inFlight, persisted));
            }
            else
            {
                inFlight.IsDurable = true;
                Settle();
            }
        }

        ReadWhatIsNeeded();
        if (_core.HasWork)
            AskForTurn();
    }

    private void OnPersisted(InFlight turn, PersistedFrame persisted)
    {
        _host.Figures.Record(Stopwatch.GetElapsedTime(turn.Since), persisted.Bytes.Length);
        _index.Add(turn.Turn.Frame!.FirstRecord);
        turn.IsDurable = true;
        Settle();
        if (_core.HasWork)
            AskForTurn();
    }

    private void Settle()
    {
        while (_inFlight.TryPeek(out var oldest) && oldest.IsDurable)
        {
            _inFlight.Dequeue();
            var release = _core.Settle(oldest.Turn, CommitStatus.Durable);
            Send(release.Notices);
            _host.Answered(release.Answers.Count);
            foreach (var answer in release.Answers)
                answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _host.Post.Deliver(_host.Partition, notices);
    }

    private void ReadWhatIsNeeded()
    {
        var requests = _core.TakeRequests();
        if (requests.Count == 0)
            return;
        var source = new FrameSource(_host.Table, _host.PersistenceId, _index, [.. _inFlight.Where(turn => turn.Turn.Frame is not null).Select(turn => turn.Turn.Frame!)], _state.Offset);
        var (logic, figures) = (_host.Logic, _host.ReadBack);
        Task.Run(() =>
        {
            var start = Stopwatch.GetTimestamp();
            var reader = new RecordReader(logic, () => new PartitionState(logic));
            ReadResult[] results = [.. reader.Read(requests, source)];
            lock (figures)
            {
                figures.Add(reader.ClaimsRead, reader.RecordsRead);
                figures.Add(Stopwatch.GetElapsedTime(start));
            }

            return new RecordsRead(results);
        }).PipeTo(Self);
    }

    private sealed class InFlight(Turn turn, long since)
    {
        public Turn Turn => turn;

        public long Since => since;

        public bool IsDurable { get; set; }
    }

    private sealed class TakeTurn
    {
        public static readonly TakeTurn Instance = new();
    }

    private sealed record RecordsRead(ReadResult[] Results);
}
