using Amoe.Engine.Journal.Ownership;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>What a connection is for: it decides how long the server bears with it.</summary>
internal enum PostgresUse
{
    /// <summary>Appends: holds rows of shards locked while it does.</summary>
    Append,

    /// <summary>Beats and takes shards where nobody else does.</summary>
    Own,

    /// <summary>Beats and takes shards among other hosts: short, or it is of no use.</summary>
    OwnAmongHosts,

    /// <summary>Reads, as long as it takes.</summary>
    Read,

    /// <summary>Makes tables and changes them.</summary>
    Define,
}

/// <summary>
/// The database of one journal as one process sees it: opens connections that neither hold up anybody else nor wait for ever, and gives them the name
/// by which other hosts know whose they are.
/// </summary>
internal sealed class PostgresDatabase(JournalAddress address)
{
    // 13: the oldest that the journal's statements were tried on and that its makers still mended when this was written.
    private static readonly Version _oldest = new(13, 0);

    // The server ends what a client began that is gone or frozen. A dead link is noticed within seconds, a frozen client within a transaction at once.
    private const string Patience =
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000";

    /// <summary>What the name of a host's connections begins with, before its id.</summary>
    public const string ApplicationNamePrefix = "amoe host ";

    /// <summary>What messages call it.</summary>
    public string Name => address.Display;

    public string Schema => address.Schema;

    /// <summary>Whose connections these are, once he has joined; he may join again as another.</summary>
    public HostId Host { get; set; }

    /// <summary>The name of a host's connections in <c>pg_stat_activity</c>: by it a successor finds those that outlive him.</summary>
    public static string ApplicationName(HostId host) => host == HostId.None ? "amoe" : ApplicationNamePrefix + host;

    /// <exception cref="JournalException">Nobody answers, the password is wrong, there is no such database, …</exception>
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
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException or ArgumentException)
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
            throw new JournalException($"{name}: the server is PostgreSQL {version.Major} and the oldest that will do is {_oldest.Major}. Name a newer server.");
    }

    /// <summary>What went wrong, where, and what to do, in one line; the store's own error is inside.</summary>
    public JournalException Failure(Exception e) => PostgresFailure.Line(e, address);

    private NpgsqlConnectionStringBuilder Settings(PostgresUse use)
    {
        var (connectSeconds, lockMs, statementMs, idleMs, commandSeconds) = use switch
        {
            PostgresUse.Append or PostgresUse.Own => (15, 3_000, 15_000, 5_000, 20),

            // A lease is a few seconds long.
            PostgresUse.OwnAmongHosts => (2, 1_000, 2_000, 5_000, 3),
            PostgresUse.Define => (15, 10_000, 60_000, 60_000, 70),

            // Who reads holds nobody up, only what the server may clear away.
            _ => (15, 10_000, 0, 600_000, 60),
        };
        var settings = address.Connection;
        settings.ApplicationName = ApplicationName(Host);
        settings.SearchPath = Schema;
        settings.Options = $"{Patience} -c lock_timeout={lockMs} -c statement_timeout={statementMs} -c idle_in_transaction_session_timeout={idleMs} -c work_mem=64MB";
        // A connection lives as long as whoever holds it: a pool would hand out dead ones after the server was started again.
        settings.Pooling = false;
        settings.Enlist = false;
        settings.Timeout = connectSeconds;
        settings.CommandTimeout = commandSeconds;
        // Who gave up waiting closes the connection: he has nothing more to wait for.
        settings.CancellationTimeout = -1;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 5;
        settings.TcpKeepAliveInterval = 2;
        settings.WriteBufferSize = 64 * 1024;
        settings.ReadBufferSize = 64 * 1024;
        return settings;
    }
}
