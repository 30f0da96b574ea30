using System.Data.Common;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Actors;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A journal file, by default in a folder of its own that is gone afterwards.</summary>
internal sealed class SqliteTestStore : TestStore
{
    private readonly TestFolder? _folder;
    private byte[] _kept = [];

    public SqliteTestStore() => Path = (_folder = new TestFolder())["year.amoe"];

    /// <summary>A file in a folder that somebody else removes.</summary>
    public SqliteTestStore(string path) => Path = path;

    public string Path { get; }

    public override string Name => Path;

    public override string SnapshotsName => Path + SnapshotFile.Ending;

    public override string Configuration => "sqlite.conf";

    public override Type GatedJournal => typeof(GatedSqliteJournal);

    public override string SaysFullDisk => "the disk is full";

    public override string SaysLocked => "it is in use by another process";

    public override string RowKey => "rowid";

    public override PartitionJournal Create(JournalIdentity identity) => SqliteJournal.Create(Path, identity);

    public override PartitionJournal Open() => SqliteJournal.Open(Path);

    public override PartitionJournal OpenReadOnly() => SqliteJournal.OpenReadOnly(Path);

    public override DbConnection Connect() => Sql.Open(Path);

    public override DbConnection ConnectToSnapshots() => Sql.Open(SnapshotsName);

    public override IDisposable Hold() => Sql.Hold(Path);

    public override void Keep() => _kept = File.ReadAllBytes(Path);

    public override void Restore() => File.WriteAllBytes(Path, _kept);

    public override Exception FullDisk() =>
        new SqliteException("SQLite Error 13: 'database or disk is full' (a test).", 13, 13);

    public override (DataOptions Journal, DataOptions Snapshots) ConnectionsOf(
        PartitionJournal journal, EngineOptions options) =>
        (SqliteConnections.Options(Path, options.LockTimeout),
            SqliteConnections.Options(SnapshotsName, options.LockTimeout));

    public override void Dispose() => _folder?.Dispose();
}
