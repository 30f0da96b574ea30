using System.Net;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>The use of a connection: it decides the server's timeouts.</summary>
internal enum PostgresUse
{
    /// <summary>Partitions' writes and recoveries, on connections that are pooled.</summary>
    Write,

    /// <summary>Takes and renews the right to write, and what hosts note of each other.</summary>
    Lease,

    /// <summary>Reads, as long as it takes.</summary>
    Read,

    /// <summary>Makes tables and changes them.</summary>
    Define,
}

/// <summary>
/// The database of one journal as one process sees it: opens connections that neither hold up others nor wait without
/// end, and gives them the name by which other hosts know whose they are.
/// </summary>
internal sealed class PostgresDatabase(JournalAddress address)
{
    // 13: the oldest that the journal's statements were tried on and that its makers still mended when this was
    // written.
    private static readonly Version _oldest = new(13, 0);

    // The framework's transactions at a time, recoveries and some to spare.
    private const int WritersMax = 24;

    // The lease, its partitions' holdings, decisions about other hosts, and those that its API looks for.
    private const int OfHost = 4;

    // The framework has a handful, each run thousands of times.
    private const int StatementsMax = 16;

    // The server ends what a client began that is gone or frozen. A dead link is noticed within seconds, a frozen
    // client within a transaction at once.
    private const string Patience =
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000";

    // What was acknowledged is durable, and so is a host's eviction, whatever the server does unless asked.
    private const string Durability = "-c synchronous_commit=on";

    // No statement is worth compiling. Where readers forbid sequential scans, one that needs such a scan seems dear to
    // the planner, which then compiled it in every session: most of what it cost to open a journal.
    private const string Planning = "-c jit=off -c work_mem=64MB";

    /// <summary>The most connections that a host opens.</summary>
    /// <param name="threads">Each may read on one of its own.</param>
    public static int ConnectionsOfHost(int threads) => WritersMax + OfHost + threads;

    /// <summary>Its name in messages.</summary>
    public string Name => address.Display;

    public string Schema => address.Schema;

    public string User => address.Connection.Username!;

    /// <summary>True where the connection stays on this machine.</summary>
    public bool IsLocal => address.Connection.Host is { } host
        && (host.StartsWith('/') || host == "localhost" || IsLoopback(host));

    /// <summary>True where a server without the certificate of its name is refused.</summary>
    public bool VerifiesServer => address.Connection.SslMode == SslMode.VerifyFull;

    /// <summary>
    /// The name of connections from now on in <c>pg_stat_activity</c>: by it a successor finds those that outlive whose
    /// they were.
    /// </summary>
    public string ApplicationName { get; set; } = "amoe";

    /// <summary>
    /// A connection string, for callers that open connections themselves. It may hold a password: never to be printed.
    /// </summary>
    public string ConnectionString(PostgresUse use) => Settings(use).ToString();

    /// <summary>Reads something on a connection of its own.</summary>
    /// <exception cref="JournalException">No server answers, or the server refuses.</exception>
    public void With(Action<NpgsqlConnection> read) => With(connection =>
    {
        read(connection);
        return true;
    });

    /// <inheritdoc cref="With(Action{NpgsqlConnection})"/>
    public T With<T>(Func<NpgsqlConnection, T> read)
    {
        using var connection = Open(PostgresUse.Read);
        try
        {
            return read(connection);
        }
        catch (NpgsqlException e)
        {
            throw Failure(e);
        }
    }

    /// <exception cref="JournalException">
    /// No server answers, the password is wrong, there is no such database, …
    /// </exception>
    public NpgsqlConnection Open(PostgresUse use)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = new NpgsqlConnection(Settings(use).ToString());
            connection.Open();
            RequireNewEnough(connection.PostgreSqlVersion, Name);
            return connection;
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e) || e is ArgumentException)
        {
            connection?.Dispose();
            throw Failure(e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <exception cref="JournalException">The server's version is too old.</exception>
    internal static void RequireNewEnough(Version version, string name)
    {
        if (version < _oldest)
            throw new JournalException(
                $"{name}: the server is PostgreSQL {version.Major} and the oldest that will do is {_oldest.Major}. Name a newer server.");
    }

    /// <summary>A failure in one line: the cause, the place and the remedy; the store's own error is inside.</summary>
    public JournalException Failure(Exception e) => PostgresFailure.Line(e, address);

    private static bool IsLoopback(string host) => IPAddress.TryParse(host, out var at) && IPAddress.IsLoopback(at);

    private NpgsqlConnectionStringBuilder Settings(PostgresUse use)
    {
        var (connectSeconds, lockMs, statementMs, idleMs, commandSeconds) = use switch
        {
            // What a process that froze has begun is ended by its successor, and at the latest by the server.
            PostgresUse.Write => (15, 3_000, 15_000, 5_000, 20),

            // Short, or it is of no use: it is renewed every second.
            PostgresUse.Lease => (10, 1_000, 2_000, 5_000, 3),
            PostgresUse.Define => (15, 10_000, 60_000, 60_000, 70),

            // A reader holds up nothing, only what the server may clear away.
            _ => (15, 10_000, 0, 600_000, 60),
        };
        var settings = address.Connection;
        settings.ApplicationName = ApplicationName;
        settings.SearchPath = Schema;
        settings.Options =
            $"{Patience} {Durability} -c lock_timeout={lockMs} -c statement_timeout={statementMs} -c idle_in_transaction_session_timeout={idleMs} {Planning}";
        // Elsewhere a connection lives as long as its holder: a pool would hand out dead ones after the server was
        // started again.
        settings.Pooling = use == PostgresUse.Write;
        settings.MaxPoolSize = WritersMax;
        // Writers set nothing in their sessions. What would undo it is eight statements, sent with each transaction.
        settings.NoResetOnClose = use == PostgresUse.Write;
        settings.MaxAutoPrepare = use == PostgresUse.Write ? StatementsMax : 0;
        settings.Enlist = false;
        // Which key collided, for a writer of many at once. No message to people has it.
        settings.IncludeErrorDetail = use == PostgresUse.Write;
        settings.Timeout = connectSeconds;
        settings.CommandTimeout = commandSeconds;
        // A caller that gave up waiting closes the connection: there is nothing more to wait for.
        settings.CancellationTimeout = -1;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 5;
        settings.TcpKeepAliveInterval = 2;
        settings.WriteBufferSize = 64 * 1024;
        settings.ReadBufferSize = 64 * 1024;
        return settings;
    }
}
