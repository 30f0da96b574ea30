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
        story.When(ControlGrants("2024-03-01", 500, 5)).Then(new ApprovalDecided(500, 5, Day("2024-03-01"), Day("2024-05-29")));
    }

    // One coverage at a time, whichever it was: a report followed another's, an end ended what there was, a correction
    // took back all of a date.
    [Fact]
    public void Facts_of_the_first_version_lead_to_the_suspensions_they_led_to()
    {
        var story = new Domain.Story().Given(IsAccepted("2023-10-05"));
        story.Student.Apply(
        [
            new OtherCoverageReported(CoverageKind.Cnss, Day("2023-11-01"), true), new OtherCoverageReported(CoverageKind.Ramed, Day("2023-12-01"), true),
            new OtherCoverageEnded(Day("2023-12-31")), new OtherCoverageReported(CoverageKind.Cnops, Day("2024-02-01"), false),
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
            new ExemptionDecided(true, 5, Day("2023-11-01"), Day("2024-10-31"), Supersedes: false), new ExemptionDecided(true, 5, Day("2023-11-01"), Day("2023-12-31"), Supersedes: false),
            new ExemptionDecided(false, 5, Day("2023-11-01"), Day("2024-10-31"), Supersedes: false),
        ]);
        Assert.True(story.Insurance.IsExemptOn(Day("2024-10-31")));
        story.Student.Apply([new FactCorrected(Engine.Domain.CommandKind.DecideExemption, Day("2023-11-01"), 0)]);
        Assert.False(story.Insurance.IsExemptOn(Day("2023-11-01")));
    }

    private static void AssertCovered(Domain.Story story, params Period[] periods) => Assert.Equal(
        periods,
        SuspensionRules.Of(SuspensionCause.OtherCoverage, story.Insurance).Select(suspension => new Period(suspension.From, suspension.IsOpen ? null : suspension.Until)));
}
