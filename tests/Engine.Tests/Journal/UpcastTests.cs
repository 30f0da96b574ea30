using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What earlier versions wrote is read as the event of today.</summary>
public sealed class UpcastTests
{
    [Fact]
    public void A_request_for_approval_that_did_not_say_its_day_is_read_and_its_answer_not_timed()
    {
        byte[] written = [30, 0xF4, 0x03, (byte)Act.Physiotherapy, 10];
        var reader = new ByteReader(written);
        var requested = Assert.IsType<ApprovalRequested>(EventCodec.Read(ref reader, day: 738_000, reference: 500));
        Assert.True(reader.AtEnd);
        Assert.Equal(new ApprovalRequested(500, Act.Physiotherapy, 10, null), requested);

        var story = new Domain.Story().Given(IsAccepted("2023-10-05"));
        story.Student.Apply([requested]);
        story.When(ControlGrants("2024-03-01", 500, 5)).Then(new ApprovalDecided(500, 5, Day("2024-03-01"), null));
    }

    [Fact]
    public void A_decision_on_approval_from_when_there_was_a_validity_has_its_last_day()
    {
        byte[] written = [31, 0xF4, 0x03, 5, 4, 0xB6, 0x01];
        var reader = new ByteReader(written);
        var day = Day("2024-01-08");
        var decided = Assert.IsType<ApprovalDecided>(EventCodec.Read(ref reader, day.DayNumber, reference: 500));
        Assert.True(reader.AtEnd);
        Assert.Equal(new ApprovalDecided(500, 5, Day("2024-01-10"), Day("2024-04-08")), decided);
    }
}
