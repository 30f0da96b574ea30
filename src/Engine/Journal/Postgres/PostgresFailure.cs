using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>The store's errors as lines for a person, with what to do. None holds a password.</summary>
internal static class PostgresFailure
{
    public static JournalException Line(Exception e, JournalAddress address)
    {
        var line = $"{address.Display}: {Reason(e, address)}";
        return MayPass(e) ? new JournalUnavailableException(line, e) : new JournalException(line, e);
    }

    /// <summary>True for what a connection to a server throws.</summary>
    public static bool IsOfServer(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or SocketException or InvalidOperationException;

    /// <summary>
    /// True when the server said no and the connection is as good as before: what was to be done is not done. False
    /// when it did not answer, or said that it goes: the outcome is unknown.
    /// </summary>
    public static bool IsRefusal(Exception e) => e is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>
    /// True for what may be otherwise in a moment and says nothing of what is stored. False for what somebody has to
    /// mend.
    /// </summary>
    private static bool MayPass(Exception e) =>
        e is not PostgresException refused
            || refused.IsTransient
            || refused.SqlState is PostgresErrorCodes.QueryCanceled;

    private static string Reason(Exception e, JournalAddress address) => e switch
    {
        PostgresException refused => Refusal(refused, address),
        _ when Cause<AuthenticationException>(e) is { } tls =>
            $"TLS with the server failed ({OneLine(tls.Message)}). Check sslmode and sslrootcert in the address.",
        _ when Cause<SocketException>(e) is { } socket =>
            $"no server answers there ({OneLine(socket.Message)}). Check host and port, and that the server runs and takes connections.",
        _ when Cause<TimeoutException>(e) is not null =>
            "the server does not answer in time. Check that it runs, the network between, and what keeps it busy.",
        _ when e.Message.Contains("No password has been provided", StringComparison.Ordinal) =>
            $"the server asks user {address.Connection.Username} for a password. Set PGPASSWORD, or name a password file with PGPASSFILE.",
        _ when e.Message.Contains("SSL", StringComparison.Ordinal) =>
            $"TLS with the server failed ({OneLine(e.Message)}). Check sslmode in the address.",
        _ => $"the connection to the server broke ({OneLine(e.Message)}). Check that it runs and try again.",
    };

    private static string Refusal(PostgresException e, JournalAddress address) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"the server refuses the password of user {address.Connection.Username}. Set PGPASSWORD to the right one, or name a password file with PGPASSFILE.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"the server does not let user {address.Connection.Username} in ({OneLine(e.MessageText)}). Check the user and sslmode in the address, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"the server has no database {address.Connection.Database}. Create it with createdb, or name another.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"user {address.Connection.Username} may not do that ({OneLine(e.MessageText)}). Connect as the schema's owner, or have the owner grant it with «journal grant».",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "the server takes no writes: it is a standby, or set read-only. Name the primary server.",
        PostgresErrorCodes.TooManyConnections =>
            "the server has no connection left. Raise its max_connections, or end other programs.",
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.InsufficientResources =>
            $"the server has run out of something and nothing of this was written ({OneLine(e.MessageText)}). Give it more and try again.",
        PostgresErrorCodes.CannotConnectNow =>
            $"the server takes no connections yet ({OneLine(e.MessageText)}). Try again in a moment.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
            "the server ended the connection: it is stopping, or somebody ended the session. Try again when it runs.",
        PostgresErrorCodes.LockNotAvailable =>
            "somebody else holds rows of it locked for too long, and nothing of this was written. Find the session in pg_locks and pg_stat_activity.",
        PostgresErrorCodes.QueryCanceled =>
            "the server gave up a statement that took too long, and nothing of this was written. Check what keeps it busy.",
        PostgresErrorCodes.UniqueViolation =>
            $"something else wrote to it ({OneLine(e.MessageText)}) and nothing of this was written. Stop the other writer and start again.",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            $"the database is damaged ({OneLine(e.MessageText)}). Restore it from a copy.",
        _ =>
            $"the server refused ({OneLine(e.MessageText)}, SQLSTATE {e.SqlState}) and nothing of this was written. Check its log.",
    };

    private static T? Cause<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T)
            e = e.InnerException;
        return (T?)e;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
