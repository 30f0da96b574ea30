using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>A snapshot saves time and never says what the journal does not.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int AfterEveryTurn = 1;
    private const int Never = int.MaxValue;

    [Fact]
    public async Task A_snapshot_that_cannot_be_read_is_ignored_and_the_journal_replayed()
    {
        using var journal = NewJournal();
        using var snapshots = new MemorySnapshotStore();
        var digest = await Run(journal, snapshots, AfterEveryTurn, [.. Traffic.Registered(1), .. Traffic.Registered(2)]);
        var whole = snapshots.Load(0)!;
        for (var length = 0; length < whole.Payload.Length; length += 97)
        {
            snapshots.Save(0, whole.Offset, whole.Payload.Span[..length]);
            Assert.Equal(digest, await Run(journal, snapshots, AfterEveryTurn, []));
        }
    }

    [Fact]
    public async Task A_snapshot_of_a_future_that_a_restored_journal_has_lost_is_never_used_again()
    {
        using var snapshots = new MemorySnapshotStore();
        using var lost = NewJournal();
        using var restored = NewJournal();
        await Run(lost, snapshots, Never, Traffic.Registered(1));
        restored.Append([.. lost.ReadAll()]);
        await Run(lost, snapshots, AfterEveryTurn, [.. Traffic.Registered(2), .. Traffic.Registered(3)]);

        // The restored journal grows past the snapshot with another history; the snapshot must not come back by its offset alone.
        await Run(restored, snapshots, Never, Traffic.Declare(4));
        var grown = await Run(restored, snapshots, Never, [.. Traffic.Registered(5), .. Traffic.Registered(6), .. Traffic.Registered(7)]);

        Assert.Equal(grown, await Run(restored, snapshots, Never, []));
        Assert.Equal(grown, JournalAudit.Run(restored, threads: 1).Digest);
    }

    private static MemoryJournal NewJournal() => new(new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0));

    /// <summary>One life of the engine: it recovers, decides, and says with which digest it ended.</summary>
    private static async Task<ulong> Run(IWritableJournal journal, ISnapshotStore snapshots, int snapshotEveryBytes, params Command[] commands)
    {
        await using var runtime = AmoeRuntime.Start(journal, snapshots, new EngineOptions { Threads = 1, SnapshotEveryBytes = snapshotEveryBytes }, TimeProvider.System);
        foreach (var command in commands)
            await runtime.Ask(command).WaitAsync(Patience);
        return runtime.Inspect().Digest;
    }
}
