using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// One host's lease on the partitions that it holds: its row among the hosts, renewed as long as the others have not
/// declared the host dead. A host that was frozen for longer than the lease has lost it when it wakes.
/// </summary>
internal sealed class PostgresHostLease : PostgresRenewedLease
{
    private readonly long _host;
    private readonly Watchdog _watchdog;

    private PostgresHostLease(
        PostgresDatabase database, NpgsqlConnection connection, long host, long heldFrom, TimeProvider time)
        : base(database, connection, heldFrom, time)
    {
        _host = host;
        database.ApplicationName = PostgresSessions.NameOfHost(connection, host);
        _watchdog = new Watchdog(time, Duration, gone => Lose(
            $"{database.Name}: this process stood still for {gone.TotalSeconds:F0} s, and the other hosts may have gone on without it. Nothing more is written here."));
        Begin();
    }

    /// <summary>Renews the lease of a host that has registered, and goes on with it.</summary>
    /// <exception cref="JournalException">The host is dead or gone by now, or the server does not answer.</exception>
    public static Task<PostgresHostLease> BeginAsync(PostgresDatabase database, long host, TimeProvider time) =>
        BeginAsync(database, time, connection =>
        {
            var now = time.GetTimestamp();
            return TryRenew(connection, host)
                ? Task.FromResult(new PostgresHostLease(database, connection, host, now, time))
                : throw new JournalException(WhyLost(database, connection));
        });

    /// <summary>Ends the renewals. The row stays until the host leaves, or until it runs out.</summary>
    public override void Dispose()
    {
        base.Dispose();
        _watchdog.Dispose();
    }

    /// <summary>Renews a host's row; false when the host is dead or gone.</summary>
    internal static bool TryRenew(NpgsqlConnection connection, long host) =>
        connection.Run("UPDATE host SET lasts_until = now() + $2 WHERE id = $1 AND NOT dead", host, Duration) == 1;

    /// <summary>Why a host is dead or gone, in one line.</summary>
    internal static string WhyLost(PostgresDatabase database, NpgsqlConnection connection) =>
        PostgresLease.FindHolder(connection) is { } name
        ? $"{database.Name}: {PostgresLease.TakenOverBy(name)}"
        : $"{database.Name}: the other hosts have gone on without this one, because it had not been heard of. Nothing more is written here.";

    protected override bool TryRenew(NpgsqlConnection connection) => TryRenew(connection, _host);

    protected override string WhyLost(NpgsqlConnection connection) => WhyLost(Database, connection);
}
