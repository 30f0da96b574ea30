using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What earlier versions wrote is read as the event of today.</summary>
public sealed class UpcastTests
{
    private const int Today = 738_000;

    [Fact]
    public void An_acceptance_that_did_not_say_what_is_owed_is_read_as_settled_by_whatever_is_received()
    {
        byte[] written = [14, 0xE7, 0x0F, 0, 0xD8, 0x04, 0xC0, 0x07, 61];
        var day = DateOnly.FromDayNumber(Today);
        var accepted = new ApplicationAccepted(2023, day, day.AddDays(300), day.AddDays(480), day.AddDays(30));
        var reader = new ByteReader(written);
        Assert.Equal(accepted, EventCodec.Read(ref reader, Today, reference: 500));
        Assert.True(reader.AtEnd);

        var student = new Amoe.Engine.Domain.Aggregate.StudentAggregate(Domain.Say.Student);
        student.Apply(
            [
                new DeclarationRecorded(Private(), CoverageKind.None, 2023, day), accepted,
                new ContributionReceived(1, day.AddDays(40), 2023)
            ]);
        Assert.Equal(
            [new Suspension(SuspensionCause.Contribution, day.AddDays(31), day.AddDays(39))],
            SuspensionRules.Of(SuspensionCause.Contribution, student.Insurance!));
    }

    [Fact]
    public void A_refusal_that_did_not_say_the_value_of_the_command_is_read_without_one()
    {
        byte[] before = [1, (byte)Reason.RecoveryTooHigh];
        byte[] today = [91, (byte)Reason.RecoveryTooHigh, (byte)CommandField.Amount, 0x82, 0x64];
        foreach (var (written, refused) in new[]
        {
            (before, new CommandRefused(Reason.RecoveryTooHigh)),
            (today, new CommandRefused(Reason.RecoveryTooHigh, CommandField.Amount, 6_401))
        })
        {
            var reader = new ByteReader(written);
            Assert.Equal(refused, EventCodec.Read(ref reader, Today, reference: 500));
            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void Money_held_that_did_not_say_why_is_read_without_a_reason()
    {
        byte[] written = [38, 0xC0, 0xB8, 0x02, 0xE7, 0x0F];
        var reader = new ByteReader(written);
        Assert.Equal(
            new ContributionHeld(40_000, 2023, Reason.None), EventCodec.Read(ref reader, Today, reference: 500));
        Assert.True(reader.AtEnd);
    }

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

    [Fact]
    public void B11_what_did_not_say_who_bore_a_share_is_all_the_providers()
    {
        Assert.Equal(new ClaimAdjudicated(500, [new(Reason.None, 64)]), Read([76, 1, 0x80, 0x01]));
        Assert.Equal(new OverpaymentRaised(500, 64), Read([63, 64]));
        Assert.Equal(new OverpaymentCancelled(500, 64), Read([69, 64]));

        static Event Read(byte[] written)
        {
            var reader = new ByteReader(written);
            var e = EventCodec.Read(ref reader, Today, reference: 500);
            Assert.True(reader.AtEnd);
            return e;
        }
    }

    // One coverage at a time, whichever it was: a report followed another's, an end ended what there was, a correction
    // took back all of a date.
    [Fact]
    public void Facts_of_the_first_version_lead_to_the_suspensions_they_led_to()
    {
        var story = new Domain.Story().Given(IsAccepted("2023-10-05"));
        story.Student.Apply(
        [
            new OtherCoverageReported(CoverageKind.Cnss, Day("2023-11-01"), true),
            new OtherCoverageReported(CoverageKind.Ramed, Day("2023-12-01"), true),
            new OtherCoverageEnded(Day("2023-12-31")),
            new OtherCoverageReported(CoverageKind.Cnops, Day("2024-02-01"), false),
        ]);
        AssertCovered(story, new(Day("2023-11-01"), Day("2023-12-31")), new(Day("2024-02-01"), null));

        story.Student.Apply([new OtherCoverageEnded(Day("2024-01-31"))]);
        AssertCovered(story, new Period(Day("2023-11-01"), Day("2023-12-31")));

        // The report that the end had replaced does not come back.
        story.Student.Apply([new FactCorrected(Engine.Domain.CommandKind.EndOtherCoverage, Day("2024-01-31"), 0)]);
        AssertCovered(story, new Period(Day("2023-11-01"), Day("2023-12-31")));
    }

    [Fact]
    public void A_refusal_of_exemption_of_the_first_version_undoes_no_grant()
    {
        var story = new Domain.Story().Given(IsAccepted("2023-10-05"));
        story.Student.Apply(
        [
            new ExemptionDecided(true, 5, Day("2023-11-01"), Day("2024-10-31"), Supersedes: false),
            new ExemptionDecided(true, 5, Day("2023-11-01"), Day("2023-12-31"), Supersedes: false),
            new ExemptionDecided(false, 5, Day("2023-11-01"), Day("2024-10-31"), Supersedes: false),
        ]);
        Assert.True(story.Insurance.IsExemptOn(Day("2024-10-31")));
        story.Student.Apply([new FactCorrected(Engine.Domain.CommandKind.DecideExemption, Day("2023-11-01"), 0)]);
        Assert.False(story.Insurance.IsExemptOn(Day("2023-11-01")));
    }

    private static void AssertCovered(Domain.Story story, params Period[] periods) => Assert.Equal(
        periods,
        SuspensionRules.Of(SuspensionCause.OtherCoverage, story.Insurance)
            .Select(suspension => new Period(suspension.From, suspension.IsOpen ? null : suspension.Until)));
}
