using Akka.Persistence;
using Amoe.Engine.Journal;
using Npgsql;

namespace Amoe.Engine.Actors;

/// <summary>Why a persistent actor stopped.</summary>
/// <param name="Error">One line for a person, with what the store itself said.</param>
/// <param name="IsFinal">True when another try reads the same: the log is damaged, or does not follow.</param>
internal sealed record ActorFailure(JournalException Error, bool IsFinal)
{
    /// <summary>True where another writer wrote the event first: the next try reads that event and goes on.</summary>
    public bool IsCollision =>
        Error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public static ActorFailure Of(PartitionJournal journal, string persistenceId, Exception cause, ActorStage stage)
    {
        var error = ErrorOf(journal, persistenceId, cause);

        // A write that fails says nothing of the log: reading it will.
        return new ActorFailure(error, stage == ActorStage.Recovering && !IsOfStore(journal, cause));
    }

    private static JournalException ErrorOf(PartitionJournal journal, string persistenceId, Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (e is JournalException known)
                return known;
            if (journal.FailureOf(e) is { } failure)
                return failure;
            if (IsTimeout(e))
                return new JournalUnavailableException(
                    $"{journal.Name}: {persistenceId}: the journal did not answer in time. Check its disk or server and try again.",
                    cause);
        }

        return new JournalException($"{journal.Name}: {persistenceId}: {cause.Message}", cause);
    }

    /// <summary>The store failed, which says nothing of what it holds.</summary>
    private static bool IsOfStore(PartitionJournal journal, Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (journal.FailureOf(e) is { } failure)
                return failure is JournalUnavailableException;
            if (e is JournalUnavailableException || IsTimeout(e))
                return true;
        }

        return false;
    }

    private static bool IsTimeout(Exception e) =>
        e is TimeoutException or OperationCanceledException or RecoveryTimedOutException;
}
