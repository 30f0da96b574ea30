using System.Data.Common;
using Akka.Persistence.Sql.Config;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using LinqToDB;
using LinqToDB.Interceptors;
using Npgsql;

namespace Amoe.Engine.Actors;

/// <summary>
/// The connections on which the framework's plugins write to a database. Once another process has taken the journal
/// over none is opened: as long as that one has written nothing in a partition, no key would refuse this one's events.
/// </summary>
internal sealed class PostgresConnections(IJournalLease lease) : ConnectionInterceptor
{
    public static JournalPlugins Plugins(PostgresJournal journal)
    {
        var setup = new MultiDataOptionsSetup();
        var options = Options(journal);
        setup.AddDataOptions("akka.persistence.journal.sql", options);
        setup.AddDataOptions(PartitionHost.SnapshotPlugin, options);
        return new JournalPlugins("postgres.conf", setup, () => Close(journal.ConnectionString));
    }

    public static DataOptions Options(PostgresJournal journal) =>
        new DataOptions()
            .UseConnectionString(ProviderName.PostgreSQL15, journal.ConnectionString)
            .UseInterceptor(new PostgresConnections(journal.Lease));

    public override void ConnectionOpening(ConnectionEventData eventData, DbConnection connection)
    {
        if (lease.Lost is { } lost)
            throw new JournalException(lost);
    }

    public override Task ConnectionOpeningAsync(
        ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        ConnectionOpening(eventData, connection);
        return Task.CompletedTask;
    }

    /// <summary>Closes connections that are kept open for later.</summary>
    public static void Close(string connection)
    {
        using var one = new NpgsqlConnection(connection);
        NpgsqlConnection.ClearPool(one);
    }
}
