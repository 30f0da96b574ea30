using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Postgres;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>
/// The promises of every runtime when a fact about past days is learnt: open and closed claims are notified, and
/// nothing is half done.
/// </summary>
public abstract class LateTruthConformance
{
    private const ulong Closed = 64;
    private const ulong Open = 65;
    private const long Whole = 12_025;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DateOnly Day = Traffic.Day;
    private static readonly DateOnly Later = Day.AddDays(90);
    private static readonly StudentId Student = new(1);

    internal abstract IRuntimeHarness Start(EngineOptions? options = null, int partitions = 1);

    [StoreTheory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_late_fact_reaches_open_and_closed_claims_and_a_restart_ends_where_the_life_ended(
        int snapshotEveryBytes)
    {
        await using var harness = Start(new EngineOptions { SnapshotEveryBytes = snapshotEveryBytes });
        await Given(harness);
        Assert.Equal(Outcome.Done, (await Ask(harness, Covered())).Outcome);

        Assert.Equal((ClaimStatus.NothingPayable, Whole), await Owed(harness, Closed));
        Assert.Equal((ClaimStatus.NothingPayable, 0), await Owed(harness, Open));
        Assert.Equal(1, harness.Runtime.Inspect().OpenClaims);
        await AssertSameAfterRestart(harness);

        // What closed again is spoken to once more: behind the snapshot there is a claim that was recalled, and one
        // that is.
        var ended = await Ask(
            harness, new EndOtherCoverage(Student, 5, Day.AddDays(-1), Later.AddDays(1), CoverageKind.Cnss));
        Assert.Equal([new RevisedClaim(Open, Revision.Payable)], Assert.IsType<ClaimsRevised>(ended.Answer).Claims);
        Assert.Equal((ClaimStatus.Paid, 0), await Owed(harness, Closed));
        Assert.Equal((ClaimStatus.Payable, 0), await Owed(harness, Open));
        await AssertSameAfterRestart(harness);

        // A sender that lost the answer sends again and gets the same one, however much was decided since.
        for (var sheet = 200ul; sheet < 600; sheet++)
            await Ask(harness, Traffic.Deposit(1, sheet, Later.AddDays(1)));
        var again = await Ask(
            harness, new EndOtherCoverage(Student, 5, Day.AddDays(-1), Later.AddDays(1), CoverageKind.Cnss));
        Assert.Equal([new RevisedClaim(Open, Revision.Payable)], Assert.IsType<ClaimsRevised>(again.Answer).Claims);
        Assert.Equal(
            Outcome.Done,
            (await Ask(harness, new OrderPayment(Student, Open, Later.AddDays(2), Later.AddDays(2)))).Outcome);
        await AssertSameAfterRestart(harness);
    }

    [StoreFact]
    public async Task What_is_owed_back_on_a_claim_that_had_closed_is_set_off_and_it_closes_again()
    {
        await using var harness = Start();
        await Given(harness);
        var care = Day.AddDays(30);
        await AskAll(harness, [Traffic.Deposit(1, 66, care), new ReceiveClaim(Student, 66, care, care)]);
        await Ask(harness, new ReportOtherCoverage(Student, 4, Day, Later, CoverageKind.Cnss, ByAnam: true));
        await Ask(harness, new EndOtherCoverage(Student, 5, Day.AddDays(10), Later, CoverageKind.Cnss));

        await Ask(harness, new OrderPayment(Student, 66, Later, Later));

        Assert.Equal((ClaimStatus.NothingPayable, 0), await Owed(harness, Closed));
        Assert.Equal((ClaimStatus.Paid, 0), await Owed(harness, 66));
        var totals = harness.Runtime.Inspect().Totals;
        Assert.Equal(
            (Whole, 0, Whole),
            (totals[Counter.SetOffCentimes], totals.Overpayments.OwedBackCentimes, totals.SpentCentimes));
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);
        await AssertSameAfterRestart(harness);
    }

    [StoreFact]
    public async Task A_late_fact_that_changes_nothing_leaves_a_closed_claim_alone()
    {
        await using var harness = Start();
        await Given(harness);
        var before = harness.Runtime.Inspect();
        await Ask(harness, new DecideExemption(Student, 6, Day.AddDays(1), Later, Granted: true, 5, Later));
        var after = harness.Runtime.Inspect();
        Assert.Equal(before.Totals[Counter.Events] + 1, after.Totals[Counter.Events]);
        Assert.Equal(before.OpenClaims, after.OpenClaims);
        await AssertSameAfterRestart(harness);
    }

    [StoreFact]
    public async Task An_exception_in_the_middle_of_a_judgement_again_leaves_nothing_half_changed()
    {
        await using var harness = Start();
        await Given(harness);
        var before = harness.Runtime.Inspect();

        // The closed claim is readjudicated before the open one: by then it has been reactivated and revised.
        harness.ThrowOnDecide(Open);
        Assert.Equal(Outcome.Failed, (await Ask(harness, Covered())).Outcome);
        Assert.Equal((ClaimStatus.Paid, 0), await Owed(harness, Closed));
        Assert.Equal((ClaimStatus.Payable, 0), await Owed(harness, Open));
        Assert.Equal(
            (before.Digest, before.OpenClaims),
            (harness.Runtime.Inspect().Digest, harness.Runtime.Inspect().OpenClaims));
        Assert.Equal(before.Totals.SpentCentimes, harness.Runtime.Inspect().Totals.SpentCentimes);

        harness.ThrowOnDecide(null);
        Assert.Equal(Outcome.Done, (await Ask(harness, Covered())).Outcome);
        Assert.Equal((ClaimStatus.NothingPayable, Whole), await Owed(harness, Closed));
        await AssertSameAfterRestart(harness);
    }

    [StoreFact]
    public async Task The_same_late_fact_again_has_the_first_outcome_and_changes_nothing()
    {
        await using var harness = Start();
        await Given(harness);
        await Ask(harness, Covered());
        var before = harness.Runtime.Inspect().Digest;
        Assert.Equal(Outcome.Done, (await Ask(harness, Covered())).Outcome);
        Assert.Equal(before, harness.Runtime.Inspect().Digest);
    }

    [StoreFact]
    public async Task A_duplicate_of_a_claim_that_closed_long_ago_is_found()
    {
        await using var harness = Start();
        await AskAll(harness, [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, Closed, Day).Select(OfProvider)]);
        Assert.Equal(0, harness.Runtime.Inspect().OpenClaims);
        await AskAll(
            harness, [OfProvider(Traffic.Deposit(1, Open, Day, Later)), new ReceiveClaim(Student, Open, Later, Later)]);
        Assert.Equal(
            [Reason.DuplicateLine, Reason.DuplicateLine],
            (await AskClaim(harness, Open)).Outcomes.Select(outcome => outcome.Reason));
        await AssertSameAfterRestart(harness);

        static Command OfProvider(Command command) =>
            command is DepositClaim deposit ? deposit with { Provider = 9 } : command;
    }

    /// <summary>A student with a claim paid and closed, and one that waits for its payment.</summary>
    private static async Task Given(IRuntimeHarness harness) => await AskAll(
        harness,
        [.. Traffic.Registered(1), .. Traffic.PaidClaim(1, Closed, Day), .. Traffic.PaidClaim(1, Open, Day)[..2]]);

    private static ReportOtherCoverage Covered() => new(Student, 4, Day, Later, CoverageKind.Cnss, ByAnam: true);

    private static async Task AssertSameAfterRestart(IRuntimeHarness harness)
    {
        var before = harness.Runtime.Inspect();
        await harness.CrashAndRestart();
        var after = harness.Runtime.Inspect();
        Assert.Equal((before.Digest, before.OpenClaims), (after.Digest, after.OpenClaims));
        foreach (var counter in Enum.GetValues<Counter>().Where(counter => counter != Counter.Last))
            Assert.Equal((counter, before.Totals[counter]), (counter, after.Totals[counter]));
    }

    private static async Task<(ClaimStatus Status, long Overpaid)> Owed(IRuntimeHarness harness, ulong sheet) =>
        await AskClaim(harness, sheet) is var claim ? (claim.Status, claim.OverpaidCentimes) : default;

    private static async Task<ClaimAnswer> AskClaim(IRuntimeHarness harness, ulong sheet) =>
        Assert.IsType<ClaimAnswer>((await Ask(harness, new AskClaim(Student, sheet, Later))).Answer);

    private static Task<Reply> Ask(IRuntimeHarness harness, Command command) =>
        harness.Runtime.Ask(command).WaitAsync(Patience);

    private static async Task AskAll(IRuntimeHarness harness, Command[] commands)
    {
        foreach (var command in commands)
            Assert.True(
                (await Ask(harness, command)).Outcome is >= Outcome.Done and not Outcome.Refused,
                $"{command.Id} was refused");
    }
}
