using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>Whether a contribution is owed, when it was due, where it is (C1-C5, T3).</summary>
internal static class ContributionExplainer
{
    /// <summary>
    /// The state of each year's contribution; nothing for a student without an application or a payment.
    /// </summary>
    public static IEnumerable<Explanation> Of(StudentReading reading)
    {
        var student = reading.Now;
        if (student.Insurance is not { } insurance)
            yield break;
        if (insurance.Contribution?.Year != student.Year)
            yield return State(student.Year).For(LiabilityNow(reading));
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
            yield return State(contribution.Year)
                .For(contribution.Year == student.Year ? LiabilityNow(reading) : null)
                .For(Account(contribution));
    }

    /// <summary>
    /// C5: a category that pays owes nothing for a year without an entitlement period and an application, as of a
    /// student with other coverage.
    /// </summary>
    private static Explanation LiabilityNow(StudentReading reading)
    {
        var student = reading.Now;
        var (enrolment, day) = (student.Enrolment, student.EnrolledOn);
        var isApplied = student.Application is not (ApplicationState.None or ApplicationState.Refused);
        return isApplied
            || student.Insurance!.HasRightOf(student.Year)
            || !reading.Rules.On(day).PaysContribution(enrolment.Category, enrolment.PaidTrack)
            ? Liability(reading.Rules, student)
            : new Explanation(Keys.ContributionNotOwed, ("year", EntitlementExplainer.YearOf(student.Year)))
                .Under("C5");
    }

    private static Explanation State(int year) =>
        new Explanation(Keys.ContributionState, ("year", EntitlementExplainer.YearOf(year))).Under("C2");

    private static IEnumerable<Explanation> Account(Contribution contribution)
    {
        foreach (var payment in contribution.Payments)
            yield return new Explanation(
                Keys.ContributionPaidSum, ("amount", new Money(payment.Centimes)),
                ("institution", Code.Of(payment.Institution))).Under("C3");
        foreach (var receipt in contribution.Receipts)
            yield return new Explanation(
                Keys.ContributionReceivedSum, ("amount", new Money(receipt.Centimes)), ("on", new On(receipt.On)))
                    .Under("C3");
        if (contribution is { SettledOn: null, Due: { } due })
            yield return new Explanation(Keys.ContributionNotReceived, ("due", new On(due))).Under("S1");
        if (contribution.HeldCentimes > 0)
            yield return Held(contribution.HeldCentimes, Reason.None);
    }

    /// <summary>What is on record of a year: paid, received.</summary>
    public static Explanation OnRecord(Contribution contribution) =>
        State(contribution.Year).For(Account(contribution));

    /// <summary>
    /// C1, C2: who owes it, and how much, follows from the category and the track, under the rules of the first day of
    /// the year on record.
    /// </summary>
    public static Explanation Liability(Rulebook rules, Student student)
    {
        var enrolment = student.Enrolment;
        var first = rules.On(student.EnrolledOn).AcademicYear(enrolment.Category, student.Year).Start;
        var day = first < rules.FirstDay ? rules.FirstDay : first;
        var inForce = rules.On(day);
        var category = Name.Of("category", enrolment.Category);
        if (!inForce.PaysContribution(enrolment.Category, enrolment.PaidTrack))
        {
            return new Explanation(Keys.ContributionExempt, ("category", category)).Under("C1")
                .By(rules.Read(ParameterIds.LiableCategories, day), rules.Read(ParameterIds.PaidTrackCategories, day));
        }

        var isLiable = inForce.PaysContribution(enrolment.Category, paidTrack: false);
        return new Explanation(
            isLiable ? Keys.ContributionOwed : Keys.ContributionOwedOnTrack, ("category", category),
            ("amount", new Money(inForce.ContributionCentimes))).Under("C2")
            .By(
                rules.Read(ParameterIds.ContributionCentimes, day),
                rules.Read(isLiable ? ParameterIds.LiableCategories : ParameterIds.PaidTrackCategories, day));
    }

    /// <summary>T3: so many days after acceptance, or after the further enrolment that made it owed.</summary>
    public static Explanation Due(StudentReading reading, HistoryEntry acceptance, DateOnly due)
    {
        var accepted = acceptance.Header.Effective;
        var rules = reading.RulesAt(acceptance);
        var days = rules.On(accepted).ContributionDueDays;
        var formula = new Formula(
            new On(accepted), Sign.Plus, new Count(days, Unit.Day), Sign.Is, new On(accepted.AddDays(days)));
        return new Explanation(Keys.ContributionDue, ("due", new On(due)), ("formula", formula))
            .Under("T3")
            .By(rules.Read(ParameterIds.ContributionDueDays, accepted));
    }

    /// <param name="reason">
    /// None where several reasons may have come together, and in journals that did not say it.
    /// </param>
    public static Explanation Held(long centimes, Reason reason) => (reason == Reason.None
        ? new Explanation(Keys.ContributionHeld, ("amount", new Money(centimes)))
        : new Explanation(
            Keys.ContributionHeldFor, ("amount", new Money(centimes)),
            ("reason", Name.Of("reason", reason)))).Under("C5");
}
