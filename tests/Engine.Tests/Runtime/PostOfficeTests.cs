using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

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
        office.Deliver(Party, new Mail([], [4, 5], [Letter(64)]));

        office.ImportLetters(0, 8, []);
        Assert.Equal([Letter(64)], office.LettersTo(Student.ShardOf(StudentShards), Due));

        office.ImportLetters(0, 10, [Letter(64), Letter(65)]);
        Assert.Equal([Letter(64), Letter(65)], office.LettersTo(Student.ShardOf(StudentShards), Due));
        Assert.Equal(10, office.LettersOf(0).Taken);
    }

    private static RecoveryLetter Letter(ulong claim) => new(PartyId.Provider(900), Student, claim, 128, 1_000, Due);
}
