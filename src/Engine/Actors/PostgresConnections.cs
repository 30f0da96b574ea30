using Akka.Persistence.Sql.Config;
using Amoe.Engine.Journal.Postgres;
using LinqToDB;
using Npgsql;

namespace Amoe.Engine.Actors;

/// <summary>The connections on which the framework's plugins write to a database.</summary>
internal static class PostgresConnections
{
    public static JournalPlugins Plugins(PostgresJournal journal)
    {
        var setup = new MultiDataOptionsSetup();
        var options = Options(journal.ConnectionString);
        setup.AddDataOptions("akka.persistence.journal.sql", options);
        setup.AddDataOptions(PartitionHost.SnapshotPlugin, options);
        return new JournalPlugins("postgres.conf", setup, () => Close(journal.ConnectionString));
    }

    public static DataOptions Options(string connection) => new DataOptions().UseConnectionString(ProviderName.PostgreSQL15, connection);

    private static void Close(string connection)
    {
        using var one = new NpgsqlConnection(connection);
        NpgsqlConnection.ClearPool(one);
    }
}
