using System.Diagnostics;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// The hosts of the cluster that writes a journal: which live, which are dead, and which host holds which partition.
/// The database's clock decides when a lease has run out.
/// </summary>
/// <remarks>
/// Each change is one transaction that is sent in one piece, so that a host frozen at whatever moment holds up no
/// other. Calls share a connection. One that broke is opened again and the call is made again: it does no harm. A call
/// of a host that begins is made again for longer, or a server that is busy for some seconds would refuse the host;
/// those of a host that serves fail, and are made again by those who make them.
/// </remarks>
internal sealed class PostgresHosts(PostgresDatabase database) : IDisposable
{
    /// <summary>
    /// In SQL, keeps others from deciding at the same time which hosts live. Renewals wait too, so that a lease which
    /// has run out is not renewed before the decision is committed.
    /// </summary>
    internal const string LockOthersOut = "LOCK TABLE host IN SHARE ROW EXCLUSIVE MODE";

    private const string Rows =
        "SELECT id, member, endpoint, build, format, joined, leaving, dead, now() - lasts_until FROM host";

    private const string Living = "NOT dead AND lasts_until > now()";

    // The cluster is founded by a host when no other lives that has joined or is older. Those whose leases have run out
    // are dead from then on, or one that wakes would go on with a cluster of its own.
    private const string Found = $"""
        WITH founder AS (
            UPDATE host AS me SET joined = now() WHERE member = $1 AND joined IS NULL AND {Living} AND NOT EXISTS (
                SELECT FROM host AS other WHERE id <> me.id AND {Living} AND (joined IS NOT NULL OR id < me.id))
            RETURNING id)
        UPDATE host SET dead = true FROM founder WHERE host.id <> founder.id AND NOT dead AND lasts_until <= now()
        """;

    // A host that is silent and not dead may wake and go on.
    private const string AllRead = "(SELECT min(format) FROM host WHERE NOT dead)";

    // A host that is dead may answer from memory until its own deadline, so its lease must have run out too.
    private const string MayAnswer =
        "EXISTS (SELECT FROM host WHERE id = holding.host AND NOT (dead AND lasts_until <= now()))";

    private const string TakerLives = "EXISTS (SELECT FROM host WHERE id = $2 AND NOT dead)";

    private static readonly TimeSpan _forgottenAfter = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    /// <summary>
    /// Registers a host, whose lease begins with that. Of several that register where no host lives, the first one
    /// founds the cluster. A process that had the journal to itself loses it for good where its lease has run out.
    /// </summary>
    /// <param name="member">Its unique address in the cluster, which no other incarnation of it has.</param>
    /// <param name="endpoint">Its HTTP address.</param>
    /// <param name="format">The newest format of records that it reads.</param>
    /// <exception cref="JournalException">
    /// One process has the journal to itself, by name; the others write a newer format; the host is dead already; there
    /// is no journal, …
    /// </exception>
    public Registration Register(string member, string endpoint, string build, int format)
    {
        database.With(connection => PostgresSchema.RequireCurrent(database, connection, isToBeWritten: true));
        return Call(connection =>
        {
            var live = connection.Transaction(
                Read,
                [
                    member, endpoint, build, format, PostgresRenewedLease.Duration, _forgottenAfter,
                    $"the host at {endpoint}"
                ],
                LockOthersOut,
                "DELETE FROM host WHERE lasts_until < now() - $6",
                "UPDATE lease SET holder = holder + 1, name = $7, lasts_until = '-infinity' WHERE lasts_until <= now()",
                """
                INSERT INTO host (member, endpoint, build, format, lasts_until)
                SELECT $1, $2, $3, $4, now() + $5 FROM lease WHERE lease.lasts_until <= now() AND lease.format <= $4
                ON CONFLICT (member) DO UPDATE SET lasts_until = excluded.lasts_until WHERE NOT host.dead
                """,
                Found,
                $"{Rows} WHERE {Living} ORDER BY id",
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {PostgresSessions.OfHolders} AND EXISTS (SELECT FROM host WHERE member = $1 AND {Living})");
            var own = live.FirstOrDefault(host => host.Member == member) ?? throw Refusal(connection, format);
            return new Registration(own.Id, own.Status.Joined is not null, [.. live.Where(host => host != own)]);
        }, PostgresRenewedLease.BeginsWithin);
    }

    /// <summary>
    /// Lets a host found the cluster whose founder is gone before the host could join it: only the oldest of those that
    /// live, and only where none of them has joined. True as well where it has founded it already.
    /// </summary>
    /// <param name="me">Its unique address in the cluster.</param>
    public bool TryFound(string me) =>
        Call(
            connection =>
                connection.Transaction(
                    First, [me], LockOthersOut, Found,
                    "SELECT EXISTS (SELECT FROM host WHERE member = $1 AND NOT dead AND joined IS NOT NULL)"),
            PostgresRenewedLease.BeginsWithin);

    /// <summary>Notes that a host has joined the cluster. As long as it lives, no other founds one.</summary>
    public void MarkJoined(long id) => Call(
        connection => connection.Run("UPDATE host SET joined = now() WHERE id = $1 AND joined IS NULL", id),
        PostgresRenewedLease.BeginsWithin);

    /// <summary>Notes that a host hands its partitions over.</summary>
    public void MarkLeaving(long id) =>
        Call(connection => connection.Run("UPDATE host SET leaving = true WHERE id = $1", id));

    /// <summary>The format in which records are written.</summary>
    public int Format() => Call(connection => connection.Number("SELECT format FROM lease"));

    /// <summary>
    /// Raises the format in which records are written to the newest that every host reads. It is never lowered: a host
    /// that does not read it is not registered from then on.
    /// </summary>
    /// <param name="patience">How long it is tried while the server does not answer.</param>
    /// <returns>The format in which records are written now.</returns>
    public int RaiseFormat(TimeSpan patience = default) => Call(
        connection => connection.Truth($"SELECT {AllRead} > format FROM lease")
            ? connection.Transaction(
                rows => rows.Read() ? rows.GetInt32(0) : 0, [], LockOthersOut,
                $"UPDATE lease SET format = greatest(format, {AllRead}) RETURNING format")
            : connection.Number("SELECT format FROM lease"),
        patience);

    /// <summary>
    /// Removes a host's row and frees its partitions. It may answer nothing any more by then: its lease is disposed.
    /// </summary>
    public void Leave(long id) => Call(connection => connection.Transaction(
        _ => true, [id], "UPDATE holding SET host = NULL WHERE host = $1", "DELETE FROM host WHERE id = $1"));

    /// <summary>The hosts that live, oldest first.</summary>
    /// <param name="patience">How long it is tried while the server does not answer.</param>
    public IReadOnlyList<HostRow> Live(TimeSpan patience = default) =>
        Select($"{Rows} WHERE {Living} ORDER BY id", patience);

    /// <summary>Every host that is known, oldest first.</summary>
    public IReadOnlyList<HostRow> All() => Select($"{Rows} ORDER BY id", patience: default);

    /// <summary>The host that holds each partition, by its id; null where it was handed back.</summary>
    public IReadOnlyDictionary<int, long?> Holdings() => Call(connection =>
    {
        using var command = connection.Command("SELECT partition, host FROM holding");
        using var row = command.ExecuteReader();
        var holdings = new Dictionary<int, long?>();
        while (row.Read())
            holdings.Add(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetInt64(1));
        return holdings;
    });

    /// <summary>
    /// Takes a partition for a host when it is free, when it is the host's own, or when its holder's lease has run
    /// out. Such a holder is dead from then on and its sessions are ended: it may be frozen, and wake.
    /// </summary>
    /// <returns>False while another host may still answer for it, and where the host itself is dead or gone.</returns>
    public bool TryHold(int partition, long id) => Call(connection => connection.Transaction(
        First,
        [partition, id],

        // Makes the row where there is none, and locks it: what follows sees what the one before has committed.
        $"INSERT INTO holding (partition) SELECT $1 WHERE {TakerLives} ON CONFLICT (partition) DO UPDATE SET host = holding.host",

        // A renewal that is on its way comes first, and the holder lives; or it waits, and finds the host dead.
        $"UPDATE host SET dead = true FROM holding WHERE partition = $1 AND id = holding.host AND id <> $2 AND NOT dead AND lasts_until <= now() AND {TakerLives}",
        $"""
        WITH former AS (SELECT host FROM holding WHERE partition = $1 AND host <> $2),
        taken AS (
            UPDATE holding SET host = $2, taking = taking + 1 WHERE partition = $1 AND {TakerLives} AND (host IS NULL OR host = $2 OR NOT {MayAnswer})
            RETURNING host),
        ended AS MATERIALIZED (
            SELECT pg_terminate_backend(pid) FROM taken, former, pg_stat_activity
            WHERE {PostgresSessions.OfHost("former.host")})
        SELECT EXISTS (SELECT FROM taken), (SELECT count(*) FROM ended)
        """));

    /// <summary>
    /// Frees a partition that a host holds, and for which it may answer nothing any more by then. The host takes it at
    /// no time while this is under way.
    /// </summary>
    /// <remarks>
    /// The server may execute a statement late, on a connection that broke, when the host has taken the partition again
    /// and serves it. So the statement names the taking that it ends.
    /// </remarks>
    public void HandBack(int partition, long id) => Call(connection => Taking(connection, partition, id) is { } taking
        ? connection.Run(
            "UPDATE holding SET host = NULL WHERE partition = $1 AND host = $2 AND taking = $3", partition, id, taking)
        : 0);

    /// <summary>
    /// Decides between hosts that do not reach each other: the first that asks lives, and those that it does not reach
    /// are dead. They stay so, however late they ask: a host that was frozen, or the other half of a broken network.
    /// </summary>
    /// <param name="me">The unique address of the one that asks.</param>
    /// <param name="unreachable">The unique addresses of those that it does not reach.</param>
    /// <returns>False where the one that asks is dead or gone.</returns>
    public bool TryOutvote(string me, IReadOnlyList<string> unreachable) => Call(connection => connection.Transaction(
        First,
        [me, unreachable.ToArray()],
        LockOthersOut,
        "UPDATE host SET dead = true WHERE member = ANY ($2) AND member <> $1 AND NOT dead AND EXISTS (SELECT FROM host WHERE member = $1 AND NOT dead)",
        "SELECT EXISTS (SELECT FROM host WHERE member = $1 AND NOT dead)"));

    /// <summary>
    /// Evicts the members whose leases have run out: they answer nothing, even where all others reach them, so their
    /// partitions have to move.
    /// </summary>
    /// <param name="id">The host that asks; one that is dead, or whose own lease has run out, evicts no other.</param>
    /// <param name="margin">
    /// How much longer they must have been unseen: a database that was away comes back to all hosts.
    /// </param>
    /// <returns>The unique addresses of all that are dead.</returns>
    public IReadOnlyList<string> Evict(long id, TimeSpan margin) => Call(connection => connection.Transaction(
        ReadMembers,
        [id, margin],

        // A renewal that is on its way comes first, and the host lives; or it waits, and finds the host dead.
        $"UPDATE host SET dead = true WHERE joined IS NOT NULL AND NOT dead AND lasts_until + $2 <= now() AND EXISTS (SELECT FROM host WHERE id = $1 AND {Living})",
        "SELECT member FROM host WHERE dead"));

    public void Dispose()
    {
        lock (_gate)
            _connection?.Dispose();
    }

    private static bool First(NpgsqlDataReader row) => row.Read() && row.GetBoolean(0);

    private static List<string> ReadMembers(NpgsqlDataReader row)
    {
        var members = new List<string>();
        while (row.Read())
            members.Add(row.GetString(0));
        return members;
    }

    private static List<HostRow> Read(NpgsqlDataReader row)
    {
        var hosts = new List<HostRow>();
        while (row.Read())
        {
            var unseen = row.GetTimeSpan(8) + PostgresRenewedLease.Duration;
            hosts.Add(new HostRow(
                row.GetInt64(0), row.GetString(1), row.GetString(2), new HostProgram(row.GetString(3), row.GetInt32(4)),
                new HostStatus(
                    row.IsDBNull(5) ? null : row.GetDateTime(5), row.GetBoolean(6), row.GetBoolean(7),
                    unseen > TimeSpan.Zero ? unseen : TimeSpan.Zero)));
        }

        return hosts;
    }

    private List<HostRow> Select(string sql, TimeSpan patience) => Call(
        connection =>
        {
            using var command = connection.Command(sql);
            using var row = command.ExecuteReader();
            return Read(row);
        },
        patience);

    /// <summary>Why a host was not registered.</summary>
    private JournalException Refusal(NpgsqlConnection connection, int format)
    {
        if (PostgresSchema.UnreadFormat(database, connection, format) is { } unread)
            return unread;
        return PostgresLease.HeldBy(database, connection) ?? new JournalException(
            PostgresHostLease.WhyLost(database, connection));
    }

    /// <summary>
    /// How often a partition was taken when a host took it last; null where the host does not hold it.
    /// </summary>
    private static long? Taking(NpgsqlConnection connection, int partition, long id)
    {
        using var command = connection.Command(
            "SELECT taking FROM holding WHERE partition = $1 AND host = $2", partition, id);
        return command.ExecuteScalar() as long?;
    }

    private T Call<T>(Func<NpgsqlConnection, T> call, TimeSpan patience = default)
    {
        lock (_gate)
        {
            var (isKept, began) = (_connection is not null, Stopwatch.GetTimestamp());
            while (true)
            {
                try
                {
                    return call(_connection ??= Open());
                }
                catch (Exception e)
                {
                    // It may be in the middle of a transaction.
                    _connection?.Dispose();
                    _connection = null;
                    if (!PostgresFailure.IsOfServer(e))
                        throw;
                    var failure = database.Failure(e);
                    var mayPass = failure is JournalUnavailableException && Stopwatch.GetElapsedTime(began) < patience;
                    if (!mayPass && (!isKept || PostgresFailure.IsRefusal(e)))
                        throw failure;
                    isKept = false;
                }
            }
        }
    }

    private NpgsqlConnection Open()
    {
        var connection = database.Open(PostgresUse.Lease);
        try
        {
            PostgresSchema.RequireCurrent(database, connection, isToBeWritten: false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
