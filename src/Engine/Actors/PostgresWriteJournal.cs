using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Npgsql;

namespace Amoe.Engine.Actors;

/// <summary>
/// The framework's SQL journal, where a collision fails the partition that collided and no other. Events of many
/// partitions share a transaction, and one that is there already fails it for all of them.
/// </summary>
internal class PostgresWriteJournal(Config config) : SqlWriteJournal(config)
{
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var (self, writes) = (Self, (AtomicWrite[])[.. messages]);
        var writing = base.WriteMessagesAsync(writes, cancellationToken);
        while (true)
        {
            try
            {
                return await writing;
            }
            catch (Exception e) when (CollisionOf(e) is { } collision && !IsOf(collision, writes[0]))
            {
                // Rolled back for certain, and not on account of this event. Whose it was fails, so the next try ends.
                // It is a message: by now this is no longer the actor's thread, and the base class needs its context.
                var again = new WriteAgain(writes, cancellationToken);
                self.Tell(again, ActorRefs.NoSender);
                writing = again.Begun.Task.Unwrap();
            }
        }
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not WriteAgain again)
            return base.ReceivePluginInternal(message);
        try
        {
            again.Begun.SetResult(base.WriteMessagesAsync(again.Writes, again.Cancellation));
        }
        catch (Exception e)
        {
            again.Begun.SetException(e);
        }

        return true;
    }

    /// <summary>The collision that failed a transaction, where it is known whose: connections ask for the detail.</summary>
    private static PostgresException? CollisionOf(Exception? e)
    {
        while (e is not null and not PostgresException)
            e = e.InnerException;
        return e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "journal", Detail: not null } collision ? collision : null;
    }

    /// <summary>«Key (persistence_id, sequence_number)=(partition-3, 17) already exists.»</summary>
    private static bool IsOf(PostgresException collision, AtomicWrite write) =>
        !collision.Detail!.Contains(")=(", StringComparison.Ordinal) || collision.Detail.Contains($")=({write.PersistenceId}, ", StringComparison.Ordinal);

    /// <summary>Another try of a write whose transaction somebody else's event failed.</summary>
    private sealed record WriteAgain(AtomicWrite[] Writes, CancellationToken Cancellation)
    {
        public TaskCompletionSource<Task<IImmutableList<Exception>>> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
