using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>Messages between hosts and senders have an encoding of their own, and other types have none.</summary>
public sealed class WireSerializerTests : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 2, 3);

    private readonly ActorSystem _system = ClusterClient.SystemOf(threads: 1, null);

    public static TheoryData<string> Messages => [.. All.Keys];

    private static Dictionary<string, object> All { get; } = new()
    {
        ["to a partition"] = new ToPartition(67, new OpenSession(Guid.NewGuid(), 3)),
        ["a session's answer"] = new SessionOpened(7, 4_096),
        ["a refusal"] = new SessionRefused(9),
        ["a partition out of service"] = new OutOfService(9),
        ["a command to a student"] = new ToStudent(Traffic.Declare(16)),
        ["a question to a claim"] = new ToClaim(new AskClaim(new StudentId(16), 64, Day)),
        ["a reply"] = new Reply(Traffic.Declare(16).Id, Outcome.Refused, Reason.ClaimUnknown),
        ["a reply to a question"] = new Reply(
            new CommandId(CommandKind.AskEntitlement, 0), Outcome.Answered, Reason.None,
            new EntitlementAnswer(true, Reason.None, Day)),
        ["let go of a partition"] = new LetGo(12),
        ["a partition is taken"] = new Taken(13),
        ["open a day"] = new OpenDay(new DayWanted(Day, Day.AddDays(4)), 3),
        ["a day is open"] = new DayOpened(Day, 2),
        ["a day is not open"] = DayNotOpened.Instance,
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_read_as_it_was_written(string what) => Assert.Equal(All[what], Back(All[what]));

    [Fact]
    public void Bytes_of_post_are_carried_as_they_are()
    {
        Assert.Equal([1, 2, 3], ((RelayAsked)Back(new RelayAsked([1, 2, 3]))).Question);
        Assert.Equal([4, 5], ((RelayAnswered)Back(new RelayAnswered([4, 5]))).Answer);
    }

    [Fact]
    public void What_is_out_of_service_travels()
    {
        var asked = new AskQuarantine(7);
        Assert.Equal(asked, Back(asked));
        var retried = (StudentsRetried)Back(
            new StudentsRetried(3, [new Retried(new StudentId(1), RetryEnd.StillOut, "damaged")]));
        Assert.Equal(new Retried(new StudentId(1), RetryEnd.StillOut, "damaged"), Assert.Single(retried.Students));
    }

    [Fact]
    public void Commands_arrive_in_their_order()
    {
        var commands = Traffic.Registered(1).ToArray();
        var batch = new Batch(
            Guid.NewGuid(), 1, 0, [.. commands.Select(SessionItem.Of), SessionItem.OfDay(CommandKind.CloseDay, Day)]);

        var read = (Batch)Back(batch);

        Assert.Equal(commands, read.Items.SkipLast(1).Select(item => item.Command));
        Assert.Equal((CommandKind.CloseDay, Day), (read.Items[^1].Mark, read.Items[^1].Day));
    }

    [Fact]
    public void What_has_no_encoding_cannot_be_sent()
    {
        var refused = Assert.Throws<InvalidDataException>(() =>
            _system.Serialization.FindSerializerFor(new Unlisted()).ToBinary(new Unlisted()));
        Assert.Contains("has no encoding between hosts", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() =>
            _system.Serialization.FindSerializerFor(DayNotOpened.Instance).ToBinary(new ToPartition(1, "text")));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private object Back(object message)
    {
        var serializer = (WireSerializer)_system.Serialization.FindSerializerFor(message);
        return serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));
    }

    private sealed record Unlisted;
}
