using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Domain;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Replay;

/// <summary>The totals of contributions and declarations (C5, D1, S5).</summary>
public sealed class TotalsTests
{
    [Fact]
    public void C5_what_is_held_falls_when_it_is_expected_after_all()
    {
        var totals = Of([Declares("2023-09-10", Private(), CoverageKind.Cnss), Pays("2023-09-11")]);
        Assert.Equal(40_000, totals[Counter.ContributionHeldCentimes]);
        totals = Of(
            [
                Declares("2023-09-10", Private(), CoverageKind.Cnss), Pays("2023-09-11"),
                Declares("2023-10-10", Private())
            ]);
        Assert.Equal((0, 40_000), (totals[Counter.ContributionHeldCentimes], totals[Counter.ContributionPaidCentimes]));
    }

    [Fact]
    public void S5_a_receipt_that_is_taken_back_was_never_received()
    {
        var totals = Of(
            [
                Declares("2023-09-10", Private(), CoverageKind.Cnss), FundReceives("2023-09-30"),
                TakesBack(CommandKind.ReceiveContribution, "2023-09-30", "2023-10-05")
            ]);
        Assert.Equal((0, 0), (totals[Counter.ContributionReceivedCentimes], totals[Counter.ContributionHeldCentimes]));
    }

    [Fact]
    public void D1_a_second_declaration_of_a_year_counts_again_and_replaces_what_is_pending()
    {
        var totals = Of(
            [
                Declares("2023-09-10", Private()), Forwards("2023-09-12"),
                Declares("2023-10-10", Private(), CoverageKind.Cnss)
            ]);
        Assert.Equal(
            (2, 1, 1, 1),
            (totals[Counter.Declarations], totals[Counter.DeclaredAgain], totals[Counter.Applications],
                totals[Counter.ApplicationsReplaced]));
    }

    private static Totals Of(Command[] commands)
    {
        var (totals, story) = (new Totals(), new Story());
        foreach (var command in commands)
        {
            totals.Begin(story.Student, default);
            story.Given(command);
            foreach (var e in story.Events)
                totals.Count(story.Student, null, e);
        }

        return totals;
    }
}
