using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>
/// The traffic makes each of the scheme's rare situations happen, in a year in which they are not as rare as in the
/// national one.
/// </summary>
public sealed class SituationsTests
{
    private const int Scale = 10;

    private static readonly Scenario Scenario = ScenarioReader.Read("often.yaml", """
        extends: national-year
        population:
          other_last_year: { per_mille: 200, source: test }
        registration:
          changes_institution: { per_mille: 100, source: test }
        contribution:
          wrong_amount: { per_mille: 300, source: test }
          paid_twice: { per_mille: 200, source: test }
          paid_early: { per_mille: 200, source: test }
          not_owed: { per_mille: 50, source: test }
          last_year_received: { per_mille: 500, source: test }
          last_year_not_owed: { per_mille: 50, source: test }
        situations:
          reports_coverage: { per_mille: 200, source: test }
          covered_before: { per_mille: 100, source: test }
          coverage_follows: { per_mille: 1000, source: test }
          exemption_undone: { per_mille: 500, source: test }
        late_facts:
          wrong: { per_mille: 200, source: test }
        care:
          approvals:
            late: { per_mille: 200, source: test }
            corrected: { per_mille: 200, source: test }
          prostheses:
            again: { per_mille: 1000, source: test }
        filing:
          unpriced: { per_mille: 100, source: test }
          undescribed: { per_mille: 300, source: test }
        detours:
          presented_again: { per_mille: 1000, source: test }
          account_closed: { per_mille: 100, source: test }
          first_returned: { per_mille: 300, source: test }
        """);

    private static readonly Population People = new(Scenario, 42, Scale);
    private static readonly Rehearsal Year = new Rehearsal(Scenario, scale: Scale).Open().Run();

    private static readonly ILookup<(StudentId, ulong), (DateOnly Day, Step Step, Command Command)> OfClaim =
        Year.Sent.Where(sent => sent.Command is ClaimCommand)
            .ToLookup(sent => (sent.Command.Student, sent.Command.Reference));

    [Fact]
    public void Every_step_is_taken()
    {
        var taken = Year.Sent.Select(sent => sent.Step.Kind).ToHashSet();
        Assert.Equal([], Enum.GetValues<StepKind>().Where(kind => !taken.Contains(kind)));
    }

    [Fact]
    public void One_id_is_only_ever_one_command() => Assert.All(
        Year.Sent.GroupBy(sent => (sent.Command.Student, sent.Command.Id)),
        same => Assert.Single(same.Select(sent => sent.Command.Fingerprint()).Distinct()));

    [Theory]
    [InlineData(120)]
    [InlineData(301)]
    public void A_run_resumed_from_its_log_goes_on_as_if_undisturbed(int days)
    {
        var resumed = new Rehearsal(Scenario, scale: Scale).Open().Replay(Year, days).Run();
        var day = Scenario.Horizon.Opens.AddDays(days);
        Assert.Equal(Year.Sent.Where(sent => sent.Day >= day), resumed.Sent);
    }

    [Fact]
    public void Every_coverage_has_a_holder_and_none_has_none()
    {
        foreach (var (coverage, holder) in Year.Sent.Select(sent => sent.Command switch
        {
            Declare c => (c.Coverage, c.Holder),
            AnswerFromAnam c => (c.Coverage, c.Holder),
            ReportOtherCoverage c => (c.Coverage, c.Holder),
            EndOtherCoverage c => (c.Coverage, c.Holder),
            _ => default,
        }))
        {
            Assert.Equal(coverage == CoverageKind.None, holder == CoverageHolder.None);
        }
    }

    [Fact]
    public void A_student_insured_through_both_parents_has_two_coverages_with_dates_of_their_own()
    {
        var both = Sent<ReportOtherCoverage>()
            .Where(report => report.Attempt == 0)
            .GroupBy(report => report.Student)
            .Where(reports => reports.Any(report => report.Reference == 2))
            .ToList();
        Assert.NotEmpty(both);
        Assert.All(
            both,
            reports =>
                Assert.NotEqual(
                    reports.Single(report => report.Reference == 1).Holder,
                    reports.Single(report => report.Reference == 2).Holder));
        Assert.Contains(
            both,
            reports =>
                reports.Single(report =>
                    report.Reference == 1).Effective < reports.Single(report => report.Reference == 2).Effective);
    }

    [Fact]
    public void An_end_names_a_coverage_that_was_reported()
    {
        var reported =
            Sent<ReportOtherCoverage>().Select(report => (report.Student, report.Coverage, report.Holder)).ToHashSet();
        Assert.All(Sent<EndOtherCoverage>(), end => Assert.Contains((end.Student, end.Coverage, end.Holder), reported));
    }

    [Fact]
    public void What_a_student_says_has_ended_anam_confirms_later_for_the_same_day()
    {
        var said = Sent<EndOtherCoverage>()
            .Where(end => !end.ByAnam && end.Known < Scenario.Horizon.Closes.AddDays(-200))
            .ToList();
        Assert.NotEmpty(said);
        Assert.All(said, end => Assert.Contains(
            Sent<EndOtherCoverage>(),
            other =>
                other.Student == end.Student
                    && other.ByAnam
                    && other.Coverage == end.Coverage
                    && other.Effective == end.Effective
                    && other.Known > end.Known));
    }

    [Fact]
    public void One_coverage_follows_another_without_a_gap()
    {
        var next = Year.Sent.Where(sent => sent.Step.Kind == StepKind.ReportNextCoverage)
            .Select(sent => (ReportOtherCoverage)sent.Command)
            .ToList();
        Assert.NotEmpty(next);
        Assert.Contains(next, report => Sent<EndOtherCoverage>().Exists(
            end =>
                end.Student == report.Student
                    && end.ByAnam
                    && end.Effective.AddDays(1) == report.Effective
                    && end.Holder != report.Holder));
        Assert.All(
            next,
            report =>
                Assert.DoesNotContain(
                    Sent<ReportOtherCoverage>(),
                    first => first.Student == report.Student && first.Reference == 1 && first.Holder == report.Holder));
    }

    [Fact]
    public void Who_declares_again_may_come_from_the_other_side()
    {
        var declared = Sent<Declare>()
            .Where(declare => declare.Attempt == 0)
            .DistinctBy(declare => declare.Student)
            .ToDictionary(declare => declare.Student, declare => declare.Enrolment);
        var moved = Sent<CarryOverRegistration>()
            .Where(last => declared.TryGetValue(last.Student, out var now) && now.Category != last.Enrolment.Category)
            .Select(last => (Last: Owes(last.Enrolment), Now: Owes(declared[last.Student] with { PaidTrack = false })))
            .ToList();
        Assert.Contains((true, false), moved);
        Assert.Contains((false, true), moved);
        Assert.All(moved, move => Assert.NotEqual(move.Last, move.Now));
    }

    [Fact]
    public void Money_comes_for_last_year_for_next_year_twice_and_from_who_owes_nothing_and_is_transferred()
    {
        foreach (var money in Enum.GetValues<Money>())
        {
            Assert.Contains(Sent<PayContribution>(), payment => ContributionTraffic.MoneyOf(payment.Id) == money);
            Assert.Contains(Sent<ReceiveContribution>(), receipt => ContributionTraffic.MoneyOf(receipt.Id) == money);
        }

        Assert.Equal([2024, 2025, 2026], Sent<PayContribution>().Select(payment => payment.Year).Distinct().Order());
        Assert.All(Sent<ReceiveContribution>(), receipt => Assert.True(
            ContributionTraffic.MoneyOf(receipt.Id) == Money.LastYear
                || Sent<PayContribution>()
                    .Any(payment => payment.Student == receipt.Student && payment.Reference == receipt.Reference
                && payment.AmountCentimes == receipt.AmountCentimes && payment.Year == receipt.Year)));
    }

    [Fact]
    public void A_wrong_amount_is_made_good_by_the_missing_half_or_by_the_whole()
    {
        var rest =
            Sent<PayContribution>().Where(payment => ContributionTraffic.MoneyOf(payment.Id) == Money.Rest).ToList();
        Assert.Equal([200_00, 400_00], rest.Select(payment => payment.AmountCentimes).Distinct().Order());
        Assert.All(rest, payment => Assert.Contains(
            Sent<PayContribution>(),
            wrong =>
                wrong.Student == payment.Student
                    && ContributionTraffic.MoneyOf(wrong.Id) == Money.Contribution
                    && wrong.AmountCentimes == 200_00));
    }

    [Fact]
    public void A_change_of_institution_goes_every_way_and_desk_and_contribution_follow_it()
    {
        var changes = Year.Sent.Where(sent =>
            sent.Step is { Kind: StepKind.Declare, Attempt: RegistrationTraffic.Change })
                .Select(sent => (Declare)sent.Command)
                .ToList();
        var first = changes.Select(change =>
            (First: People.Profile(Population.IndexOf(change.Student)).Enrolment, Second: change.Enrolment)).ToList();
        Assert.All(first, pair => Assert.NotEqual(pair.First.Institution, pair.Second.Institution));
        foreach (var (before, after) in new[] { (false, true), (true, false), (true, true), (false, false) })
            Assert.Contains(first, pair => Owes(pair.First) == before && Owes(pair.Second) == after);
        Assert.Contains(first, pair => pair.First.HasBankAccount && !pair.Second.HasBankAccount);

        var since = changes.DistinctBy(change => change.Student).ToDictionary(change => change.Student);
        var filed = Sent<DepositClaim>()
            .Where(claim =>
                claim.Way == ClaimWay.Reimbursement
                    && since.TryGetValue(claim.Student, out var change)
                    && change.Known <= claim.Known)
            .Select(claim =>
                ClaimDesks.Accepts(
                    since[claim.Student].Enrolment.Category,
                    ReferenceData.Desks.Single(desk => desk.Id == claim.Desk).Network)).ToList();
        Assert.True(
            filed.Count(isAccepted => !isAccepted) * 20 < filed.Count, "a file goes to the wrong desk now and then");
        Assert.All(changes.Where(change =>
            !Owes(People.Profile(Population.IndexOf(change.Student)).Enrolment)), change => Assert.All(
            Sent<PayContribution>().Where(payment =>
                payment.Student == change.Student && ContributionTraffic.MoneyOf(payment.Id) == Money.Elsewhere),
            payment => Assert.Equal(change.Enrolment.Institution, payment.Institution)));
        Assert.Contains(
            Sent<PresentReceipt>(),
            receipt =>
                since.TryGetValue(receipt.Student, out var change)
                    && change.Enrolment.Institution == receipt.Institution);
    }

    [Fact]
    public void A_prosthesis_says_as_many_teeth_of_one_jaw_as_it_has_elements()
    {
        var lines =
            Sent<DepositClaim>().SelectMany(claim => claim.Lines).Where(line => line.Prosthesis != default).ToList();
        Assert.All(lines, line =>
        {
            Assert.Equal(line.Prosthesis.Elements, uint.PopCount(line.Prosthesis.Teeth));
            Assert.True(
                (line.Prosthesis.Teeth & Prosthesis.UpperJaw) == 0
                    || (line.Prosthesis.Teeth & Prosthesis.LowerJaw) == 0);
        });
        var bridges = lines.Where(line => line.Act != Act.PartialDenture)
            .CountBy(line => line.Prosthesis.Elements)
            .ToDictionary();
        Assert.True(bridges.ContainsKey(3) && bridges.ContainsKey(4), string.Join(", ", bridges));
        Assert.True(
            lines.Where(line => line.Act == Act.PartialDenture).All(line =>
                line.Prosthesis.Elements is >= 3 and <= 12));
    }

    [Fact]
    public void A_second_prosthesis_is_at_the_same_place_or_in_the_other_jaw_and_now_and_then_the_first_in_time()
    {
        var pairs = Year.Sent.Where(sent => sent.Step.Kind == StepKind.DepositSecondProsthesis)
            .Select(sent => (DepositClaim)sent.Command)
            .Select(second => (First: Completed(second.Student, second.Claim & ~32UL), Second: second.Lines[0]))
            .ToList();
        Assert.Contains(
            pairs,
            pair => pair.First.Prosthesis == pair.Second.Prosthesis && pair.First.CareDate < pair.Second.CareDate);
        Assert.Contains(
            pairs,
            pair => pair.First.Prosthesis == pair.Second.Prosthesis && pair.First.CareDate > pair.Second.CareDate);
        Assert.Contains(pairs, pair => (pair.First.Prosthesis.Teeth & pair.Second.Prosthesis.Teeth) == 0);
        Assert.All(pairs, pair => Assert.Equal(pair.First.Act, pair.Second.Act));

        static ClaimLine Completed(StudentId student, ulong claim) =>
            OfClaim[(student, claim)].Select(sent => sent.Command switch
            {
                DepositClaim deposit => deposit.Lines[0],
                CompleteClaim { Lines: [var line, ..] } => line,
                _ => default,
            }).Where(line => line != default).OrderByDescending(line => line.Prosthesis.Elements).First();
    }

    [Fact]
    public void A_generic_costs_less_than_the_medicine()
    {
        var medicines = Sent<DepositClaim>()
            .SelectMany(claim => claim.Lines)
            .Where(line => line.Act == Act.OrdinaryMedicine && line.ReferenceCentimes > 0)
            .ToList();
        Assert.Contains(medicines, line => line.GenericCentimes == 0);
        Assert.Contains(medicines, line => line.GenericCentimes > 0);
        Assert.All(medicines, line => Assert.True(line.GenericCentimes < line.ReferenceCentimes));
    }

    [Fact]
    public void A_file_without_prices_or_descriptions_is_completed_with_them_and_nothing_else_of_its_lines()
    {
        var completed = Sent<CompleteClaim>().Where(complete => complete.Lines.Length > 0).ToList();
        Assert.Contains(completed, complete => complete.Lines[0].Prosthesis != default);
        Assert.Contains(completed, complete => complete.Lines[0].Prosthesis == default);
        Assert.All(completed, complete =>
        {
            var deposited = ((DepositClaim)OfClaim[(complete.Student, complete.Claim)].First(sent =>
                sent.Command is DepositClaim).Command).Lines;
            Assert.Equal(deposited, complete.Lines.Zip(deposited, (line, before) => line with
            {
                ReferenceCentimes = before.ReferenceCentimes,
                GenericCentimes = before.GenericCentimes,
                Prosthesis = before.Prosthesis,
            }));
            Assert.NotEqual(deposited, complete.Lines);
            Assert.DoesNotContain(complete.Lines, Rehearsal.IsUnsaid);
        });
    }

    [Fact]
    public void A_file_without_a_price_is_one_that_has_to_state_it()
    {
        var unpriced = Sent<DepositClaim>().SelectMany(claim => claim.Lines)
            .Where(line =>
                line.ReferenceCentimes == 0 && Scenario.Care.Amounts[(int)line.Act].ReferencePerMille.Max > 0)
            .ToList();
        Assert.NotEmpty(unpriced);
        Assert.All(
            unpriced,
            line => Assert.True(Adjudication.LacksPrice(line, Rulebook.Embedded), $"{line.Act}, {line.Sector}"));
    }

    [Fact]
    public void What_was_sent_the_wrong_way_is_presented_again_the_other_way()
    {
        var again = Year.Sent.Where(sent => sent.Step.Kind == StepKind.PresentAgain)
            .Select(sent => (DepositClaim)sent.Command)
            .ToList();
        Assert.NotEmpty(again);
        Assert.All(again, claim =>
        {
            var first = (DepositClaim)OfClaim[(claim.Student, claim.Claim & ~32UL)].First(sent =>
                sent.Command is DepositClaim).Command;
            Assert.NotEqual(first.Way, claim.Way);
            Assert.Equal(
                (first.Provider, first.Lines.Length, first.Lines[0].CareDate),
                (claim.Provider, claim.Lines.Length, claim.Lines[0].CareDate));
        });
    }

    [Fact]
    public void A_decision_on_approval_is_learnt_late_and_one_that_was_wrong_is_decided_again_for_its_day()
    {
        Assert.Contains(
            Sent<DecideApproval>(),
            decision => decision.Attempt == 0 && decision.Known.DayNumber - decision.Effective.DayNumber >= 60);
        var again = Sent<DecideApproval>().Where(decision => decision.Attempt == 1).ToList();
        var takenBack = Sent<CorrectFact>()
            .Where(fact => fact.Fact == CommandKind.DecideApproval)
            .ToDictionary(fact => (fact.Student, fact.Request));
        Assert.Contains(again, decision => takenBack.ContainsKey((decision.Student, decision.Reference)));
        Assert.Contains(again, decision => !takenBack.ContainsKey((decision.Student, decision.Reference)));
        Assert.All(again, decision =>
        {
            var first = Sent<DecideApproval>().Single(other =>
                other.Student == decision.Student && other.Reference == decision.Reference && other.Attempt == 0);
            Assert.Equal(first.Effective, decision.Effective);
            Assert.NotEqual(first.Units, decision.Units);
            if (takenBack.TryGetValue((decision.Student, decision.Reference), out var fact))
                Assert.Equal(first.Effective, fact.Effective);
        });
    }

    [Fact]
    public void An_exemption_is_refused_later_for_the_day_on_which_it_was_granted()
    {
        var undone = Sent<DecideExemption>().Where(decision => decision.Reference == 2).ToList();
        Assert.NotEmpty(undone);
        Assert.All(undone, refusal => Assert.Contains(
            Sent<DecideExemption>(),
            grant => grant.Student == refusal.Student
                && grant.Granted
                && grant.Illness == refusal.Illness
                && grant.Known < refusal.Known
                && grant.Effective <= refusal.Effective));
        Assert.Contains(
            undone,
            refusal =>
                Sent<DecideExemption>().Exists(grant =>
                    grant.Student == refusal.Student && grant.Granted && grant.Effective == refusal.Effective));
    }

    [Fact]
    public void A_first_payment_comes_back_by_its_number_while_a_later_one_is_under_way()
    {
        var returned = Year.Sent.Where(sent => sent.Step.Kind == StepKind.ReturnFirstPayment).ToList();
        Assert.NotEmpty(returned);
        Assert.All(returned, sent =>
        {
            var claim = OfClaim[(sent.Command.Student, sent.Command.Reference)].ToList();
            Assert.Equal(1, ((ReportPaymentReturned)sent.Command).Payment);
            Assert.Contains(
                claim, order => order.Command is OrderPayment { Attempt: > 0 } && order.Day == sent.Day.AddDays(-1));
            Assert.DoesNotContain(
                claim,
                confirmed =>
                    confirmed.Command is ConfirmPayment
                        && confirmed.Command.Attempt == (sent.Command.Attempt & 127)
                        && confirmed.Day < sent.Day);
        });
    }

    [Fact]
    public void The_bank_names_the_payment_where_it_is_asked_which()
    {
        var named = Year.Sent.Where(sent => sent.Step.Kind == StepKind.NameReturnedPayment).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, sent => Assert.Contains(
            OfClaim[(sent.Command.Student, sent.Command.Reference)],
            other => other.Command is ReportPaymentReturned { Payment: 0 } && other.Day == sent.Day.AddDays(-2)));
    }

    [Fact]
    public void An_account_is_lost_before_the_payment_is_ordered_again()
    {
        var lost = Sent<Declare>().Where(declare => declare.Attempt >= 64).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, declare =>
        {
            Assert.False(declare.Enrolment.HasBankAccount);
            Assert.Contains(
                ClaimOf(declare),
                sent => sent.Command is ReportPaymentReturned { Attempt: 0 } && sent.Day < declare.Known);
        });
        Assert.Contains(
            lost, declare => ClaimOf(declare).Any(sent => sent.Command is ReissuePayment && sent.Day > declare.Known));

        static IEnumerable<(DateOnly Day, Step Step, Command Command)> ClaimOf(Declare declare) =>
            OfClaim[(declare.Student, declare.Student.Value << 6 | (uint)declare.Attempt & 63)];
    }

    private static List<T> Sent<T>()
        where T : Command => Commands<T>.All;

    private static bool Owes(EnrolmentRecord enrolment) =>
        Rulebook.Embedded.On(Scenario.Horizon.Opens).PaysContribution(enrolment.Category, enrolment.PaidTrack);

    private static class Commands<T>
        where T : Command
    {
        public static readonly List<T> All = [.. Year.Sent.Select(sent => sent.Command).OfType<T>()];
    }
}
