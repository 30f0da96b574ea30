using System.Globalization;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// The right to write a journal in a database, for one process at a time: a row that names its holder and until when it
/// is his. Who holds it may answer from memory until a moment of his own monotonic clock; that nobody writes behind
/// another's back is the work of the table's keys.
/// </summary>
internal sealed class PostgresLease : IJournalLease, IDisposable
{
    /// <summary>How long others wait for a holder who is gone or frozen.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _renewEvery = TimeSpan.FromSeconds(1);

    // The holder's answers end before another may take over, whatever the two clocks do in five seconds.
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly Thread _renewing;
    private readonly ManualResetEventSlim _ended = new();
    private NpgsqlConnection? _connection;
    private long _heldFrom;
    private volatile string? _lost;

    private PostgresLease(PostgresDatabase database, NpgsqlConnection connection, long holder, long heldFrom, TimeProvider time)
    {
        (_database, _connection, Holder, _heldFrom, _time) = (database, connection, holder, heldFrom, time);
        database.ApplicationName = ApplicationNamePrefix(connection) + holder.ToString(CultureInfo.InvariantCulture);
        _renewing = new Thread(Renew) { Name = "journal lease", IsBackground = true };
        _renewing.Start();
    }

    /// <summary>Counts those who ever held it: this one's number.</summary>
    public long Holder { get; }

    /// <summary>Why it was lost for good, in one line; null while it was not.</summary>
    public string? Lost => _lost;

    public bool IsHeld => _lost is null && _time.GetElapsedTime(Interlocked.Read(ref _heldFrom)) < Duration - _margin;

    /// <summary>
    /// Takes the lease. A holder who has just died is waited for until it runs out, and what he left at the server is
    /// ended then.
    /// </summary>
    /// <param name="name">What others are told who holds it.</param>
    /// <exception cref="JournalException">Somebody holds and renews it, by name; or nobody answers.</exception>
    public static async Task<PostgresLease> TakeAsync(PostgresDatabase database, string name, TimeProvider time)
    {
        var connection = database.Open(PostgresUse.Lease);
        try
        {
            var (began, ends) = (time.GetTimestamp(), default(DateTime?));
            while (true)
            {
                var now = time.GetTimestamp();
                if (TryTake(connection, name) is { } holder)
                {
                    EndFormerHolders(connection);
                    return new PostgresLease(database, connection, holder, now, time);
                }

                // One who is gone lets it run out; one who renews it is there.
                var lasts = Ends(connection);
                if ((ends is not null && lasts > ends) || time.GetElapsedTime(began) > Duration + _renewEvery)
                    throw new JournalException($"{database.Name}: it is in use by {connection.Text("SELECT name FROM lease")}. Stop that one first.");
                ends = lasts;
                await Task.Delay(_lookEvery, time);
            }
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (PostgresFailure.IsOfServer(e))
                throw database.Failure(e);
            throw;
        }
    }

    /// <summary>Gives it back, so that the next one need not wait. Nothing may be written any more by then.</summary>
    public void Dispose()
    {
        if (_ended.IsSet)
            return;
        _ended.Set();
        _renewing.Join();
        try
        {
            _connection?.Run("UPDATE lease SET lasts_until = '-infinity' WHERE holder = $1", Holder);
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e))
        {
            // It runs out by itself.
        }

        _connection?.Dispose();
    }

    private static long? TryTake(NpgsqlConnection connection, string name)
    {
        using var take = connection.Command(
            "UPDATE lease SET holder = holder + 1, name = $1, lasts_until = now() + $2 WHERE lasts_until <= now() RETURNING holder", name, Duration);
        return (long?)take.ExecuteScalar();
    }

    private static DateTime Ends(NpgsqlConnection connection)
    {
        using var ends = connection.Command("SELECT lasts_until FROM lease");
        return (DateTime)ends.ExecuteScalar()!;
    }

    /// <summary>A frozen process's open transaction would hold up whoever writes the same key.</summary>
    private static void EndFormerHolders(NpgsqlConnection connection)
    {
        // No session has this holder's name yet: all with a holder's name are those of former ones.
        connection.Run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE starts_with(application_name, $1) AND datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
            """,
            ApplicationNamePrefix(connection));
    }

    /// <summary>Two journals of one database have schemas of different numbers, and a name of at most 63 bytes.</summary>
    private static string ApplicationNamePrefix(NpgsqlConnection connection) => $"amoe {connection.Text("SELECT current_schema()::regnamespace::oid::text")}:";

    private void Renew()
    {
        while (!_ended.Wait(_renewEvery) && _lost is null)
        {
            var now = _time.GetTimestamp();
            try
            {
                _connection ??= _database.Open(PostgresUse.Lease);
                if (_connection.Run("UPDATE lease SET lasts_until = now() + $2 WHERE holder = $1", Holder, Duration) == 1)
                    Interlocked.Exchange(ref _heldFrom, now);
                else
                    _lost = $"{_database.Name}: it was taken over by {_connection.Text("SELECT name FROM lease")}, because this process had not been heard of for {Duration.TotalSeconds:F0} s. Nothing more is written here.";
            }
            catch (Exception e) when (e is JournalException || PostgresFailure.IsOfServer(e))
            {
                // Tried again; until it succeeds nothing is answered from memory.
                _connection?.Dispose();
                _connection = null;
            }
        }
    }
}
