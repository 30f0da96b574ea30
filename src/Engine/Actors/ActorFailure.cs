using Akka.Persistence;
using Amoe.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Actors;

/// <summary>Why a persistent actor stopped.</summary>
/// <param name="Error">One line for a person, with what the store itself said.</param>
/// <param name="IsFinal">True when another try reads the same: the log is damaged, or does not follow.</param>
internal sealed record ActorFailure(JournalException Error, bool IsFinal)
{
    public static ActorFailure Of(string path, string persistenceId, Exception cause, ActorStage stage)
    {
        var error = ErrorOf(path, persistenceId, cause);

        // A write that fails says nothing of the log: reading it will.
        return new ActorFailure(error, stage == ActorStage.Recovering && !IsOfStore(cause));
    }

    private static JournalException ErrorOf(string path, string persistenceId, Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (e is SqliteException sqlite)
                return SqliteDatabase.Failure(path, sqlite.SqliteExtendedErrorCode, sqlite.Message);
            if (e is JournalException journal)
                return journal;
            if (IsTimeout(e))
                return new JournalUnavailableException($"{path}: {persistenceId}: the journal did not answer in time. Check the disk and try again.", cause);
        }

        return new JournalException($"{path}: {persistenceId}: {cause.Message}", cause);
    }

    /// <summary>The store failed, which says nothing of what it holds.</summary>
    private static bool IsOfStore(Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (e is SqliteException sqlite)
                return !SqliteDatabase.IsDamage(sqlite.SqliteErrorCode);
            if (e is JournalUnavailableException || IsTimeout(e))
                return true;
        }

        return false;
    }

    private static bool IsTimeout(Exception e) => e is TimeoutException or OperationCanceledException or RecoveryTimedOutException;
}
