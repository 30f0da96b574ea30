using System.Collections.Immutable;
using Akka.Actor.Setup;
using Akka.Persistence;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors;

/// <summary>
/// Has writes wait for a database that is away, instead of failing. The framework, which makes the journal's plugin,
/// hands it the actor system alone: so this is part of that.
/// </summary>
internal sealed class WriteHold : Setup, IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _end;
    private volatile PartitionContext? _context;

    public WriteHold() => _end = _ended.Token;

    /// <summary>
    /// One write looks for all that wait: each on a connection of its own would be all that the database has.
    /// </summary>
    public SemaphoreSlim Looking { get; } = new(1);

    /// <summary>Writes wait from now on: before, a start that finds no database has failed.</summary>
    public void Begin(PartitionContext context) => _context = context;

    /// <summary>No write waits any longer: what becomes of those that did stays unknown.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>
    /// Why the database is away: it did not answer, or said that it goes. Null for what it refuses, and where no write
    /// waits.
    /// </summary>
    public JournalException? AwayBy(Exception failure)
    {
        if (_context is not { } context || _end.IsCancellationRequested)
            return null;
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (context.Journal.FailureOf(e) is { } known)
                return known is JournalUnavailableException && !PostgresFailure.IsRefusal(e) ? known : null;
        }

        return null;
    }

    /// <summary>A write waits from now on, until it is disposed of.</summary>
    public HeldWrite Hold(JournalException why) => new(this, _context!, why, _end);
}

/// <summary>
/// A write that waits for a database that is away. It is tried again once this process may speak for the journal again,
/// unless the try before turns out to be durable, and only its answer was lost.
/// </summary>
internal sealed class HeldWrite : IDisposable
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(100);

    private readonly WriteHold _hold;
    private readonly PartitionContext _context;
    private readonly CancellationToken _end;
    private readonly CancellationTokenSource _late;
    private bool _hasLooked;
    private bool _isWritten;

    /// <param name="end">When nothing waits any longer.</param>
    public HeldWrite(WriteHold hold, PartitionContext context, JournalException why, CancellationToken end)
    {
        (_hold, _context, _end) = (hold, context, end);
        _late = new CancellationTokenSource(context.Options.WriteHeldMax, context.Time);
        context.Store.Hold(why);
    }

    /// <summary>It is durable.</summary>
    public void Succeeded() => _isWritten = true;

    /// <summary>
    /// Waits until the database answers and this process may write, and says whether a write is in the journal already;
    /// null where it is not to wait any longer.
    /// </summary>
    /// <exception cref="JournalException">The journal is another's by now.</exception>
    public async Task<bool?> IsWrittenAsync(AtomicWrite[] writes, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end, _late.Token);
        try
        {
            // A database that answers and takes no writes is not asked without pause.
            if (_hasLooked)
                await Task.Delay(_lookEvery, _context.Time, waiting.Token);
            _hasLooked = true;
            await _hold.Looking.WaitAsync(waiting.Token);
            try
            {
                return await LookAsync(writes, waiting.Token);
            }
            finally
            {
                _hold.Looking.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _late.Dispose();
        _context.Store.Release(_isWritten);
    }

    private async Task<bool> LookAsync(AtomicWrite[] writes, CancellationToken cancellation)
    {
        var journal = _context.Journal;
        while (true)
        {
            if (journal.Lease.Lost is { } lost)
                throw new JournalException(lost);
            if (journal.Lease.IsHeld && IsWritten(journal, writes) is { } isWritten)
                return isWritten;
            await Task.Delay(_lookEvery, _context.Time, cancellation);
        }
    }

    /// <summary>An event is chained to all before it, so no other writer's is the same.</summary>
    /// <returns>Null where the database does not answer.</returns>
    private static bool? IsWritten(PartitionJournal journal, AtomicWrite[] writes)
    {
        try
        {
            return journal.Frames.With(reader => writes.SelectMany(write =>
                (IImmutableList<IPersistentRepresentation>)write.Payload)
                .All(row => reader.Has(row.PersistenceId, row.SequenceNr, ((PersistedRow)row.Payload).Bytes)));
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }
}
