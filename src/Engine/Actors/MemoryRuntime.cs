using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Partitions in memory, without actors, threads and a disk: for rule cases, and for tests and benchmarks that need
/// the engine's decisions alone. A message is answered before the call that posts it returns, unless that is made from
/// inside an answer or while another thread decides: then it waits its turn.
/// </summary>
internal sealed class MemoryRuntime : IActorRuntime
{
    private readonly MemoryPartition[] _partitions;

    // Guards the two below and the partitions' queues. Not held while a partition decides and answers.
    private readonly Lock _gate = new();
    private readonly Queue<MemoryPartition> _ready = new();
    private bool _isDeciding;

    /// <param name="journal">What it has is recovered. It must outlive the runtime, which does not dispose it.</param>
    public MemoryRuntime(MemoryJournal journal, IActorLogic logic, EngineOptions options)
    {
        var identity = journal.Identity;
        (StudentPartitions, LedgerPartitions) = (identity.StudentPartitions, identity.LedgerPartitions);
        var relay = identity.LedgerPartitions > 0
            ? new Relay(identity.StudentPartitions, identity.LedgerPartitions)
            : null;
        _partitions = new MemoryPartition[identity.TotalPartitions];

        // Ledgers first: what they have taken, students' partitions need not keep.
        for (var partition = _partitions.Length - 1; partition >= 0; partition--)
            _partitions[partition] = new MemoryPartition(partition, journal, logic, options.Validated(), relay);
    }

    public int StudentPartitions { get; }

    public int LedgerPartitions { get; }

    public bool TryPost(Command command, IReplyTo replyTo) =>
        TryPost(
            command.Student.PartitionOf(StudentPartitions), new Envelope(command, CommandKind.None, default, replyTo));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        TryPost(partition, Envelope.OfDay(mark, day, replyTo));

    /// <summary>The state of a partition. Not while another thread posts.</summary>
    public PartitionState StateOf(int partition) => _partitions[partition].State;

    public RuntimeState Inspect()
    {
        var (totals, parties, readBack) = (new Totals(), new PartyTotals(), new ReadBackFigures());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = new Dictionary<StudentId, QuarantinedStudent>();
        foreach (var partition in _partitions)
        {
            var state = partition.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.StudentCount;
            openClaims += state.OpenClaimCount;
            readBack.Add(partition.ReadBack);
            foreach (var (student, why) in state.Quarantined)
                quarantined[student] = why;
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined, readBack);
    }

    /// <summary>Does nothing: what was taken is answered.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool TryPost(int partition, in Envelope envelope)
    {
        lock (_gate)
        {
            if (!_partitions[partition].TryTake(envelope))
                return false;
            _ready.Enqueue(_partitions[partition]);
            if (_isDeciding)
                return true;
            _isDeciding = true;
        }

        try
        {
            while (Next() is { } ready)
                ready.Step();
        }
        catch
        {
            // The recipient of an answer failed, as in a test: the next message is decided all the same.
            lock (_gate)
                _isDeciding = false;
            throw;
        }

        return true;
    }

    /// <summary>
    /// The next partition with something to decide; null when none has, and no thread decides any more.
    /// </summary>
    private MemoryPartition? Next()
    {
        lock (_gate)
        {
            while (_ready.TryPeek(out var next))
            {
                // It stays in front until its work is done: what it answered may have led to more.
                next.Fill();
                if (next.HasWork)
                    return next;
                _ready.Dequeue();
            }

            _isDeciding = false;
            return null;
        }
    }
}
