using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>What shards leave for each other, from whichever host it comes and in whichever order.</summary>
public sealed class PostOfficeTests
{
    private const int StudentShards = 2;
    private const int Party = StudentShards;
    private static readonly DateOnly Due = new(2024, 3, 15);
    private static readonly StudentId Student = new(7);

    [Fact]
    public void A_late_answer_of_a_party_shards_former_owner_does_not_unsay_what_the_shard_has_said_here()
    {
        var office = new PostOffice(StudentShards, partyShards: 1);
        office.Deliver(Party, new Notices([], [4, 5], [Notice(64)]));

        office.ImportRecoveries(0, 8, []);
        Assert.Equal([Notice(64)], office.NoticesTo(Student.ShardOf(StudentShards), Due));

        office.ImportRecoveries(0, 10, [Notice(64), Notice(65)]);
        Assert.Equal([Notice(64), Notice(65)], office.NoticesTo(Student.ShardOf(StudentShards), Due));
        Assert.Equal(10, office.RecoveriesOf(0).Taken);
    }

    private static RecoveryNotice Notice(ulong claim) => new(PartyId.Provider(900), Student, claim, 128, 1_000, Due);
}
