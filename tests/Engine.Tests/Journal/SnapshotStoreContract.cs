using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Tests.Postgres;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What every snapshot store promises that this program wrote itself; SnapshotContract has what the framework's promise.</summary>
public abstract class SnapshotStoreContract : IDisposable
{
    private readonly ISnapshotStore _store;

    private protected SnapshotStoreContract() => _store = Create();

    private protected abstract ISnapshotStore Create();

    public virtual void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public void Has_nothing_at_first()
    {
        Assert.Null(_store.Load(0));
        Assert.Equal(0, _store.SnapshotBytes);
    }

    [StoreFact]
    public void Keeps_the_latest_of_each_shard()
    {
        _store.Save(1, 10, Some.Bytes(100, 1));
        _store.Save(2, 20, []);
        _store.Save(1, 30, Some.Bytes(70_000, 2));

        Assert.Equal(30, _store.Load(1)!.Offset);
        Assert.Equal(Some.Bytes(70_000, 2), _store.Load(1)!.Payload.ToArray());
        Assert.Equal((2, 20L, 0), (_store.Load(2)!.Shard, _store.Load(2)!.Offset, _store.Load(2)!.Payload.Length));
        Assert.Equal(70_000, _store.SnapshotBytes);
    }

    [StoreFact]
    public void Copies_the_callers_buffer()
    {
        var buffer = Some.Bytes(50, 1);
        _store.Save(0, 1, buffer);
        buffer.AsSpan().Clear();
        Assert.Equal(Some.Bytes(50, 1), _store.Load(0)!.Payload.ToArray());
    }
}

public sealed class MemorySnapshotStoreTests : SnapshotStoreContract
{
    private protected override ISnapshotStore Create() => new MemorySnapshotStore();
}

[NeedsPostgres]
public sealed class HostsSnapshotStoreTests : SnapshotStoreContract
{
    private readonly List<string> _warnings = [];
    private PrivateDatabase? _database;
    private HostsJournal? _journal;

    public override void Dispose()
    {
        base.Dispose();
        _journal!.Dispose();
        Assert.All(_warnings, line => Assert.DoesNotContain('\n', line));
    }

    [StoreFact]
    public void Snapshots_survive_a_restart()
    {
        using (var store = _journal!.OpenSnapshots(_warnings.Add))
            store.Save(1, 10, Some.Bytes(5_000, 1));
        using var again = _journal.OpenSnapshots(_warnings.Add);
        Assert.Equal(10, again.Load(1)!.Offset);
        Assert.Empty(_warnings);
    }

    [StoreFact]
    public void A_torn_snapshot_is_ignored_and_said()
    {
        using var store = _journal!.OpenSnapshots(_warnings.Add);
        store.Save(1, 10, Some.Bytes(5_000, 1));
        _database!.Execute("UPDATE amoe.snapshot SET payload = substr(payload, 2)");
        Assert.Null(store.Load(1));
        Assert.Contains("shard 1", Assert.Single(_warnings), StringComparison.Ordinal);

        store.Save(1, 11, Some.Bytes(10, 1));
        Assert.Equal(11, store.Load(1)!.Offset);
    }

    [StoreFact]
    public void A_session_that_was_ended_costs_nothing()
    {
        using var store = _journal!.OpenSnapshots(_warnings.Add);
        store.Save(1, 10, Some.Bytes(5_000, 1));
        _database!.EndSessions();
        Assert.Equal(10, store.Load(1)!.Offset);
        Assert.Empty(_warnings);
    }

    [StoreFact]
    public void A_server_that_is_away_is_told_once_each_time()
    {
        // Hosts ask for one snapshot after the other: a line for each buried everything else they had to say.
        using var server = PrivatePostgres.Start();
        using var journal = HostsJournal.Create(JournalAddress.Parse(server.NewDatabase().Url), Some.Identity);
        using var store = journal.OpenSnapshots(_warnings.Add);
        store.Save(1, 10, Some.Bytes(50, 1));
        for (var times = 1; times <= 2; times++)
        {
            server.Stop();
            store.Save(1, 11, Some.Bytes(50, 1));
            Assert.All(Enumerable.Range(0, Some.Shards), shard => Assert.Null(store.Load(shard)));
            Assert.Equal(times, _warnings.Count);

            server.Restart();
            Assert.Equal(10, store.Load(1)!.Offset);
        }
    }

    [StoreFact]
    public void A_store_that_takes_nothing_costs_snapshots_and_nothing_else()
    {
        using var store = _journal!.OpenSnapshots(_warnings.Add);
        _database!.Execute("DROP TABLE amoe.snapshot");
        store.Save(1, 11, Some.Bytes(10, 1));
        Assert.Null(store.Load(1));
        Assert.Equal(0, store.SnapshotBytes);
        Assert.Equal(3, _warnings.Count);
        Assert.Contains("the snapshot of shard 1 was not kept", _warnings[0], StringComparison.Ordinal);
    }

    private protected override ISnapshotStore Create()
    {
        _database = PrivatePostgres.Shared.NewDatabase();
        _journal = HostsJournal.Create(JournalAddress.Parse(_database.Url), Some.Identity);
        return _journal.OpenSnapshots(_warnings.Add);
    }
}
