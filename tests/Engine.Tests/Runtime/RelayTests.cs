using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The messages that partitions leave for each other, from any host and in any order.</summary>
public sealed class RelayTests
{
    private const int StudentPartitions = 2;
    private const int Party = StudentPartitions;
    private static readonly DateOnly Due = new(2024, 3, 15);
    private static readonly StudentId Student = new(7);

    [Fact]
    public void A_late_answer_of_a_ledger_partitions_former_owner_does_not_unsay_what_the_partition_has_said_here()
    {
        var relay = new Relay(StudentPartitions, ledgerPartitions: 1);
        relay.Deliver(Party, new Notices([], [4, 5], [Notice(64)]));

        relay.ImportRecoveries(0, 8, []);
        Assert.Equal([Notice(64)], relay.NoticesTo(Student.PartitionOf(StudentPartitions), Due));

        relay.ImportRecoveries(0, 10, [Notice(64), Notice(65)]);
        Assert.Equal([Notice(64), Notice(65)], relay.NoticesTo(Student.PartitionOf(StudentPartitions), Due));
        Assert.Equal(10, relay.RecoveriesOf(0).Taken);
    }

    private static RecoveryNotice Notice(ulong claim) => new(PartyId.Provider(900), Student, claim, 128, 1_000, Due);
}
