using Akka.Actor.Setup;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors;

/// <summary>The framework's plugins as a journal's store needs them.</summary>
/// <param name="Configuration">The resource with the store's part of the configuration.</param>
/// <param name="Connections">The plugins' connections.</param>
/// <param name="Close">Closes connections that are kept open for later.</param>
internal sealed record JournalPlugins(string Configuration, Setup Connections, Action Close)
{
    public static JournalPlugins Of(PartitionJournal journal, EngineOptions options) => journal switch
    {
        PostgresJournal database => PostgresConnections.Plugins(database),
        _ => SqliteConnections.Plugins(journal.Name, options),
    };

    /// <summary>Where a journal's snapshots are.</summary>
    /// <param name="warn">Receives, in one line, what is odd and does no harm.</param>
    public static ISnapshotPlace SnapshotsOf(PartitionJournal journal, Action<string> warn) =>
        journal is PostgresJournal database
            ? new PostgresSnapshots(database, warn)
            : new SnapshotFile(journal.Name, warn);
}
