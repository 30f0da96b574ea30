using System.Collections.Immutable;
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
        AtomicWrite[] writes = [.. messages];
        while (true)
        {
            try
            {
                return await base.WriteMessagesAsync(writes, cancellationToken);
            }
            catch (Exception e) when (CollisionOf(e) is { } collision && !IsOf(collision, writes[0]))
            {
                // Rolled back for certain, and not on account of this event. Whose it was fails, so the next try ends.
            }
        }
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
}
