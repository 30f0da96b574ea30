using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Hosts one partition core of a <see cref="MemoryRuntime"/>: a bounded queue in front of it, and behind it a journal
/// in which each turn is durable as soon as it is decided. One thread at a time.
/// </summary>
internal sealed class MemoryPartition
{
    /// <summary>No other process ever has the journal.</summary>
    private const long Incarnation = 1;

    private readonly int _partition;
    private readonly MemoryJournal _journal;
    private readonly IActorLogic _logic;
    private readonly EngineOptions _options;
    private readonly Relay? _relay;
    private readonly SegmentSource _records;
    private readonly PartitionCore _core;
    private readonly Queue<Envelope> _waiting = new();

    /// <summary>Recovers the partition from what the journal has of it.</summary>
    public MemoryPartition(int partition, MemoryJournal journal, IActorLogic logic, EngineOptions options, Relay? relay)
    {
        (_partition, _journal, _logic, _options, _relay) = (partition, journal, logic, options, relay);
        _records = new SegmentSource(journal, partition);
        _core = new PartitionCore(
            partition, Incarnation, PartitionReplay.Of(journal, partition, logic, relay), OpenDays.Every(logic),
            options.TurnLimits, relay);
        Send(Notices.From(State));
    }

    public PartitionState State => _core.State;

    /// <summary>Figures on the reactivation of claims.</summary>
    public ReadBackFigures ReadBack { get; } = new();

    /// <summary>True while <see cref="Step"/> has something to do.</summary>
    public bool HasWork => _core.HasWork || (_waiting.Count > 0 && _core.Room > 0);

    /// <summary>False when as many messages wait as there may.</summary>
    public bool TryTake(in Envelope envelope)
    {
        if (_waiting.Count >= _options.MailboxMessagesMax)
            return false;
        _waiting.Enqueue(envelope);
        return true;
    }

    /// <summary>Hands the core what it has room for.</summary>
    public void Fill()
    {
        while (_core.Room > 0 && _waiting.TryDequeue(out var envelope))
            _core.Take(envelope);
    }

    /// <summary>Decides one turn, makes it durable, answers, and reads back what the next one needs.</summary>
    public void Step()
    {
        if (_core.Decide() is { } turn)
        {
            if (turn.Frame is { } frame)
                _journal.Append([.. frame.SegmentsSealed()]);
            var release = _core.Settle(turn, CommitStatus.Durable);
            Send(release.Notices);
            foreach (var answer in release.Answers)
                answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }

        var requests = _core.TakeRequests();
        if (requests.Count == 0)
            return;
        var reader = new RecordReader(_logic, () => new PartitionState(_logic));
        foreach (var result in reader.Read(requests, _records))
            _core.Supply(result);
        ReadBack.Add(reader.ClaimsRead, reader.RecordsRead);
    }

    private void Send(Notices? notices)
    {
        if (notices is not null)
            _relay?.Deliver(_partition, notices);
    }
}
