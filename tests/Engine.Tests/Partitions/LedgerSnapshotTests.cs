using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>The ledgers in the snapshots of a ledger partition's buckets.</summary>
public sealed class LedgerSnapshotTests
{
    private static readonly AmoeLogic Logic = new(Rulebook.Embedded);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_latest_snapshot_of_any_bucket_has_the_ledgers_with_their_digest(bool isLatestFirst)
    {
        var state = NewState();
        Book(state);
        var earlier = SnapshotBytes.Of(state, bucket: 0);
        Book(state);
        var latest = SnapshotBytes.Of(state, bucket: 1);

        var read = NewState();
        foreach (var snapshot in isLatestFirst ? new[] { latest, earlier } : [earlier, latest])
            Assert.True(SnapshotCodec.TryRead(snapshot, read));
        Assert.Equal(80_000, Assert.IsType<InstitutionLedger>(Assert.Single(read.Ledgers!.Ledgers)).CollectedCentimes);
        Assert.Equal((state.Digest, state.Totals[Counter.Events]), (read.Digest, read.Totals[Counter.Events]));
    }

    private static PartitionState NewState() => new(Logic, buckets: 2) { Ledgers = new LedgerBook(1) };

    private static void Book(PartitionState state)
    {
        var booked = new InstitutionBooked(PartyId.Institution(4), 40_000, 0);
        state.Ledgers!.Evolve(booked);
        state.Ledgers.Count(booked, Traffic.Day, [1, 2, 3]);
        state.Offset++;
    }
}
