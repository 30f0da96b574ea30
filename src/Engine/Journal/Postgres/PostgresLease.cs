using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// The right to write a journal in a database, for one process at a time: a row that names its holder and when it runs
/// out. The holder may answer from memory until a moment of its own monotonic clock. The keys of the tables, not the
/// lease, keep two processes from writing the same record.
/// </summary>
internal sealed class PostgresLease : PostgresRenewedLease
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);

    private PostgresLease(
        PostgresDatabase database, NpgsqlConnection connection, long holder, long heldFrom, TimeProvider time)
        : base(database, connection, heldFrom, time)
    {
        Holder = holder;
        database.ApplicationName = PostgresSessions.NameOfHolder(connection, holder);
        Begin();
    }

    /// <summary>The number of the holder, counted from the first one.</summary>
    public long Holder { get; }

    /// <summary>
    /// Takes the lease. A holder or a host that has just died is waited for until its lease runs out, and what it left
    /// at the server is ended then.
    /// </summary>
    /// <param name="name">The name by which others know the holder.</param>
    /// <exception cref="JournalException">Another process renews it, by name; or no server answers.</exception>
    public static Task<PostgresLease> TakeAsync(PostgresDatabase database, string name, TimeProvider time) =>
        BeginAsync(database, time, async connection =>
        {
            var (began, ends) = (time.GetTimestamp(), default(DateTime?));
            while (true)
            {
                var now = time.GetTimestamp();
                if (TryTake(connection, name) is { } holder)
                    return new PostgresLease(database, connection, holder, now, time);

                // The lease of a dead holder runs out; a holder that renews it lives.
                var lasts = Ends(connection);
                if ((ends is not null && lasts > ends) || time.GetElapsedTime(began) > Duration + RenewEvery)
                    throw new JournalException($"{database.Name}: {InUse(connection)}");
                ends = lasts;
                await Task.Delay(_lookEvery, time);
            }
        });

    /// <summary>The name of the process that has the journal to itself; null where none has.</summary>
    internal static string? FindHolder(NpgsqlConnection connection)
    {
        using var holder = connection.Command("SELECT name FROM lease WHERE lasts_until > now()");
        return holder.ExecuteScalar() as string;
    }

    /// <summary>Why hosts are refused where a process has the journal to itself; null where none has.</summary>
    internal static JournalException? HeldBy(PostgresDatabase database, NpgsqlConnection connection) =>
        FindHolder(connection) is { } name ? new JournalException($"{database.Name}: {InUseBy(name)}") : null;

    /// <summary>The message about a process that has the journal to itself.</summary>
    internal static string InUseBy(string name) => $"it is in use by {name}. Stop that one first.";

    /// <summary>The message about hosts that have the journal.</summary>
    internal static string InUseByHosts(IEnumerable<string> endpoints) =>
        $"it is in use by hosts at {string.Join(", ", endpoints)}. Stop them first.";

    /// <summary>Why a writer's lease is lost when a process has taken the journal for itself.</summary>
    internal static string TakenOverBy(string name) =>
        $"it was taken over by {name}, because this process had not been heard of for {Duration.TotalSeconds:F0} s. Nothing more is written here.";

    protected override bool TryRenew(NpgsqlConnection connection) =>
        connection.Run("UPDATE lease SET lasts_until = now() + $2 WHERE holder = $1", Holder, Duration) == 1;

    protected override string WhyLost(NpgsqlConnection connection) =>
        $"{Database.Name}: {TakenOverBy(connection.Text("SELECT name FROM lease"))}";

    protected override void GiveBack(NpgsqlConnection connection) =>
        connection.Run("UPDATE lease SET lasts_until = '-infinity' WHERE holder = $1", Holder);

    /// <summary>
    /// Takes it when it has run out, and every host's lease too. From then on those hosts are dead, or one that wakes
    /// would renew its lease beside this one. The sessions of all of them are ended: none has this holder's name yet.
    /// </summary>
    private static long? TryTake(NpgsqlConnection connection, string name) => connection.Transaction(
        rows => rows.Read() ? rows.GetInt64(0) : default(long?),
        [name, Duration, EventCodec.Version],
        PostgresHosts.LockOthersOut,
        $"""
        WITH taken AS (
            UPDATE lease SET holder = holder + 1, name = $1, lasts_until = now() + $2, format = greatest(format, $3)
            WHERE lasts_until <= now() AND NOT EXISTS (SELECT FROM host WHERE host.lasts_until > now()) RETURNING holder),
        silent AS (UPDATE host SET dead = true WHERE NOT dead AND EXISTS (SELECT FROM taken)),
        ended AS MATERIALIZED (SELECT pg_terminate_backend(pid) FROM taken, pg_stat_activity WHERE {PostgresSessions.OfWriters})
        SELECT holder, (SELECT count(*) FROM ended) FROM taken
        """);

    private static DateTime Ends(NpgsqlConnection connection)
    {
        using var ends = connection.Command(
            "SELECT greatest((SELECT lasts_until FROM lease), (SELECT max(lasts_until) FROM host))");
        return (DateTime)ends.ExecuteScalar()!;
    }

    private static string InUse(NpgsqlConnection connection) =>
        connection.Text(
            "SELECT coalesce(string_agg(endpoint, ', ' ORDER BY id), '') FROM host WHERE lasts_until > now()")
                is { Length: > 0 } endpoints
            ? InUseByHosts([endpoints])
            : InUseBy(connection.Text("SELECT name FROM lease"));
}
