using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Npgsql;

namespace Amoe.Engine.Actors;

/// <summary>
/// The framework's SQL journal, with two differences. A collision fails the partition that collided and no other:
/// events of many partitions share a transaction, and one that is there already fails it for all of them. And a write
/// waits for a database that is away: an actor whose write failed has to read its log again, which takes all partitions
/// of a nation longer than most databases are away.
/// </summary>
internal class PostgresWriteJournal(Config config) : SqlWriteJournal(config)
{
    private readonly WriteHold? _hold = Context.System.Settings.Setup.Get<WriteHold>() is { HasValue: true } setup
        ? setup.Value
        : null;

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var (self, writes) = (Self, (AtomicWrite[])[.. messages]);
        var writing = TryWriteAsync(writes, cancellationToken);
        HeldWrite? held = null;
        try
        {
            while (true)
            {
                try
                {
                    var result = await writing;
                    held?.Succeeded();
                    return result;
                }
                catch (Exception e) when (CollisionOf(e) is { } collision)
                {
                    // Of another's event it says that this one is rolled back, and no more. Whose it was fails, so the
                    // next try ends.
                    if (IsOf(collision, writes[0]))
                    {
                        if (held is not null && await held.IsWrittenAsync(writes, cancellationToken) == true)
                            return Written(writes, held);
                        throw;
                    }
                }
                catch (Exception e) when (_hold?.AwayBy(e) is { } away)
                {
                    held ??= _hold.Hold(away);
                    switch (await held.IsWrittenAsync(writes, cancellationToken))
                    {
                        case true:
                            return Written(writes, held);
                        case null:
                            throw;
                    }
                }

                // It is a message: by now this is no longer the actor's thread, and the base class needs its context.
                var again = new WriteAgain(writes, cancellationToken);
                self.Tell(again, ActorRefs.NoSender);
                writing = again.Begun.Task.Unwrap();
            }
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>One try of a write.</summary>
    protected virtual Task<IImmutableList<Exception>> TryWriteAsync(
        AtomicWrite[] writes, CancellationToken cancellationToken) =>
        base.WriteMessagesAsync(writes, cancellationToken);

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not WriteAgain again)
            return base.ReceivePluginInternal(message);
        try
        {
            again.Begun.SetResult(TryWriteAsync(again.Writes, again.Cancellation));
        }
        catch (Exception e)
        {
            again.Begun.SetException(e);
        }

        return true;
    }

    /// <returns>What the framework takes for «none is rejected».</returns>
    private static ImmutableList<Exception> Written(AtomicWrite[] writes, HeldWrite held)
    {
        held.Succeeded();
        return [.. writes.Select(_ => default(Exception)!)];
    }

    /// <summary>
    /// The collision that failed a transaction, where it is known whose: connections ask for the detail.
    /// </summary>
    private static PostgresException? CollisionOf(Exception? e)
    {
        while (e is not null and not PostgresException)
            e = e.InnerException;
        return e is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation, TableName: "journal",
            Detail: not null
        } collision ? collision : null;
    }

    /// <summary>«Key (persistence_id, sequence_number)=(partition-3, 17) already exists.»</summary>
    private static bool IsOf(PostgresException collision, AtomicWrite write) =>
        !collision.Detail!.Contains(")=(", StringComparison.Ordinal)
            || collision.Detail.Contains($")=({write.PersistenceId}, ", StringComparison.Ordinal);

    /// <summary>Another try of a write.</summary>
    private sealed record WriteAgain(AtomicWrite[] Writes, CancellationToken Cancellation)
    {
        public TaskCompletionSource<Task<IImmutableList<Exception>>> Begun { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
