using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>What is true of a day does not depend on when, or in which order, it was learnt (S5, T7).</summary>
public sealed class LateTruthProperties
{
    private static readonly DateOnly First = new(2022, 10, 1);
    private static readonly DateOnly Last = new(2026, 3, 1);

    [Fact]
    public void S5_the_order_in_which_facts_arrive_changes_no_day()
    {
        var suspended = new HashSet<Reason>();
        Properties.Check(
            Properties.FromSeeds(random => (Facts: AnyFacts(random), Order: random.Next())),
            one =>
            {
                var shuffled = one.Made.Facts.ToArray();
                new Random(one.Made.Order).Shuffle(shuffled);
                var (ordered, otherwise) = (Learns(one.Made.Facts, new Random(1)), Learns(shuffled, new Random(2)));
                foreach (var day in Days())
                {
                    suspended.Add(Entitlement.On(ordered.Student, day));
                    if (Entitlement.On(ordered.Student, day) != Entitlement.On(otherwise.Student, day))
                        return false;
                }

                return ordered.Insurance.Suspensions.OrderBy(s => s.Cause)
                    .SequenceEqual(otherwise.Insurance.Suspensions.OrderBy(s => s.Cause));
            },
            count: 1_000);
        Assert.Superset(
            new HashSet<Reason>
            {
                Reason.None,
                Reason.SuspendedForContribution,
                Reason.SuspendedForOtherCoverage,
                Reason.SuspendedForInterruption
            }, suspended);
    }

    [Fact]
    public void S2_S3_every_day_is_as_one_finds_who_walks_through_the_facts_day_by_day()
    {
        Properties.Check(
            Properties.FromSeeds(AnyFacts),
            one =>
            {
                var facts = one.Made.Where(fact => fact is not ReceiveContribution).ToArray();
                var story = Learns(facts, new Random(3));
                var (covered, running, excused, clock) = (new HashSet<CoverageName>(), false, false, (DateOnly?)null);
                for (var day = First; day <= Last; day = day.AddDays(1))
                {
                    foreach (var fact in facts)
                    {
                        switch (fact)
                        {
                            case ReportOtherCoverage r when r.Effective == day:
                                covered.Add(new CoverageName(r.Coverage, r.Holder));
                                break;
                            case EndOtherCoverage { ByAnam: true } x when x.Effective.AddDays(1) == day:
                                covered.Remove(new CoverageName(x.Coverage, x.Holder));
                                break;
                            case InterruptStudies i when i.Effective == day:
                                (running, excused) = (true, Excuses(i.Reason));
                                break;
                            case ChangeInterruptionReason c when c.Effective == day && running:
                                excused = Excuses(c.Reason);
                                break;
                            case ResumeStudies s when s.Effective == day:
                                (running, excused, clock) = (false, false, null);
                                break;
                        }
                    }

                    // The clock is paused on an excused day.
                    if (excused)
                        clock = clock?.AddDays(1);
                    else if (running)
                        clock ??= day.AddMonths(6);
                    var expected = covered.Count > 0
                        ? Reason.SuspendedForOtherCoverage
                        : !excused && clock <= day ? Reason.SuspendedForInterruption : Reason.None;
                    var found = Entitlement.On(story.Student, day);
                    if (found is not (Reason.CareBeforeRight or Reason.CareAfterRight
                        or Reason.SuspendedForContribution) && found != expected)
                        return false;
                }

                return true;
            },
            count: 500);
    }

    // A notice may name more days than changed between its first and its last, but never fewer.
    [Fact]
    public void S5_claims_are_notified_of_every_day_up_to_today_whose_standing_changed() => Properties.Check(
        Properties.FromSeeds(random => (Facts: AnyFacts(random), Seed: random.Next())),
        one =>
        {
            var random = new Random(one.Made.Seed);
            var story = Registered();
            var known = story.Today;
            foreach (var fact in one.Made.Facts)
            {
                known = known.AddDays(random.Next(40));
                Command next = random.Next(5) == 0 ? CorrectionOf(fact, known) : fact with { Known = known };
                story.Until(Text(known));
                var (before, ordered) = (Standings(story.Student), story.EverNotified.Count);
                story.When(next);
                var days = story.EverNotified.Skip(ordered).ToArray();
                var after = Standings(story.Student);
                for (var i = 0; i < before.Length && First.AddDays(i) <= known; i++)
                {
                    var day = First.AddDays(i);
                    if (before[i] != after[i] && !days.Any(changed => changed.From <= day && day <= changed.Until))
                        return false;
                }

                if (days.Any(changed => changed.From > known || changed.From > changed.Until))
                    return false;
            }

            return true;
        },
        count: 500);

    [Fact]
    public void S5_a_fact_that_is_taken_back_leaves_every_day_as_if_it_had_never_been() => Properties.Check(
        Properties.FromSeeds(random => (Facts: AnyFacts(random), Wrong: random.Next())),
        one =>
        {
            var facts = one.Made.Facts;
            var wrong = facts[one.Made.Wrong % facts.Length];
            var corrected = Learns(facts, new Random(4));
            var known = corrected.Today.AddDays(1);
            corrected.When(CorrectionOf(wrong, known));
            if (corrected.Outcome != Outcome.Done)
                return false;
            var never = Learns([.. facts.Where(fact => fact != wrong)], new Random(5));
            return Standings(corrected.Student).SequenceEqual(Standings(never.Student));
        },
        count: 500);

    // Facts of one date are learnt in an order that matters: taken back, the later one leaves the earlier.
    [Fact]
    public void T7_of_facts_of_few_dates_one_taken_back_leaves_every_day_as_if_it_had_never_been() => Properties.Check(
        Properties.FromSeeds(random => (Facts: AnyFactsOfFewDates(random), Wrong: random.Next())),
        one =>
        {
            var (facts, corrected) = (one.Made.Facts, Learns(one.Made.Facts, new Random(6)));
            var correction = CorrectionOf(facts[one.Made.Wrong % facts.Length], corrected.Today.AddDays(1));
            corrected.When(correction);

            // Of the facts of this kind and date, of this coverage, the one learnt last.
            var last = Array.FindLastIndex(
                facts,
                fact => CorrectionOf(fact, correction.Known) with { Reference = correction.Reference } == correction);
            var never = Learns([.. facts.Where((_, at) => at != last)], new Random(7));
            return corrected.Outcome == Outcome.Done
                && Standings(corrected.Student).SequenceEqual(Standings(never.Student));
        },
        count: 500);

    /// <summary>Two years of a private student's entitlement periods, with the summer between them.</summary>
    internal static Story Registered() => new Story()
        .Given(IsAccepted("2022-10-20", Private(), 2022))
        .Given(IsAccepted("2023-11-10", Private(), 2023));

    /// <summary>
    /// The facts in this order, each known a few days after the one before; then the calendar runs to the end.
    /// </summary>
    private static Story Learns(IEnumerable<Command> facts, Random random)
    {
        var story = Registered();
        var known = story.Today;
        foreach (var fact in facts)
        {
            known = known.AddDays(random.Next(30));
            story.Given(fact with { Known = known });
        }

        return story.Until("2026-03-01");
    }

    /// <summary>
    /// Facts of up to three coverages and of studies, one of a date each, and perhaps a receipt of either year.
    /// </summary>
    internal static Command[] AnyFacts(Random random)
    {
        var facts = new List<Command>();
        foreach (var (kind, holder) in AnyCoverages(random))
        {
            foreach (var date in AnyDates(random))
            {
                var (day, byAnam) = (Text(date), random.Next(4) > 0);
                facts.Add(random.Next(2) == 0
                    ? HasOtherCoverage(day, day, kind, byAnam, holder)
                    : LosesOtherCoverage(Text(date.AddDays(-1)), day, kind, byAnam, holder));
            }
        }

        foreach (var date in AnyDates(random))
        {
            var (day, reason) = (Text(date), (InterruptionReason)random.Next(9));
            facts.Add(
                random.Next(4) switch
                {
                    0 => Resumes(day),
                    1 => ChangesReason(day, reason),
                    _ => Interrupts(day, reason)
                });
        }

        foreach (var year in new[] { 2022, 2023 })
        {
            if (random.Next(3) > 0)
                facts.Add(
                    FundReceives(Text(new DateOnly(year, 10, 20).AddDays(random.Next(200) + year - 2022)), year: year));
        }

        return facts.Count == 0 ? AnyFacts(random) : [.. facts.OrderBy(_ => random.Next())];
    }

    private static Command[] AnyFactsOfFewDates(Random random)
    {
        DateOnly[] dates = [First.AddDays(60), First.AddDays(120), First.AddDays(400)];
        return [.. Enumerable.Range(0, 2 + random.Next(9))
            .Select(_ => AnyFactOf(random, dates[random.Next(dates.Length)]))];
    }

    private static Command AnyFactOf(Random random, DateOnly date)
    {
        var (day, known) = (Text(date), Text(date.AddYears(1)));
        var (reason, holder, illness) = ((InterruptionReason)random.Next(9), (CoverageHolder)random.Next(2),
            5 + random.Next(2));
        return random.Next(6) switch
        {
            0 => HasOtherCoverage(day, day, byAnam: random.Next(2) == 0, holder: holder),
            1 => LosesOtherCoverage(Text(date.AddDays(-1)), day, byAnam: random.Next(3) > 0, holder: holder),
            2 => Interrupts(day, reason),
            3 => ChangesReason(day, reason),
            4 => Resumes(day),
            _ => Exempts(day, known, granted: random.Next(2) == 0, illness: illness),
        };
    }

    private static HashSet<DateOnly> AnyDates(Random random) =>
        [.. Enumerable.Range(0, random.Next(7)).Select(_ => First.AddDays(random.Next(700)))];

    private static HashSet<(CoverageKind, CoverageHolder)> AnyCoverages(Random random) =>
        [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ =>
            ((CoverageKind)random.Next(1, 4), (CoverageHolder)random.Next(4)))];

    private static CorrectFact CorrectionOf(Command fact, DateOnly known)
    {
        var (coverage, holder) = fact switch
        {
            ReportOtherCoverage r => (r.Coverage, r.Holder),
            EndOtherCoverage e => (e.Coverage, e.Holder),
            _ => default,
        };
        return TakesBack(fact.Kind, Text(fact.Effective), Text(known), coverage, holder);
    }

    private static (Reason, bool)[] Standings(Student student) =>
        [.. Days().Select(day => (Entitlement.On(student, day), student.Insurance!.IsExemptOn(day)))];

    private static IEnumerable<DateOnly> Days()
    {
        for (var day = First; day <= Last; day = day.AddDays(1))
            yield return day;
    }

    private static bool Excuses(InterruptionReason reason) =>
        reason is >= InterruptionReason.Illness and <= InterruptionReason.ReferralToCourts;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
