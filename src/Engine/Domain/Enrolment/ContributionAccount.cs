using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The contribution's way from the student to the fund, each academic year's for itself (C1-C5). What is owed follows
/// from the year it is for. Only what the fund receives counts (S1). No money is refused: what is not expected is held.
/// </summary>
internal static class ContributionAccount
{
    [Rule("C1", "C2", "C3", "C5")]
    public static void Pay(Student student, PayContribution c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        var account = student.Insurance?.ContributionOf(c.Year);
        var paid = account?.PaidCentimes ?? 0;
        decision.Emit(new ContributionPaid(c.AmountCentimes, c.Institution, c.Year, c.Effective));
        Conclude(
            student,
            new Money(
                c.Year, Math.Max(paid + c.AmountCentimes, account?.ReceivedCentimes ?? 0), account?.HeldCentimes ?? 0),
            WhyUnexpected(student, c.Year, paid, c.AmountCentimes, Reason.ContributionAlreadyPaid, rulebook), rulebook,
            decision);
    }

    [Rule("C1", "C2", "C3", "C5", "S1")]
    public static void Receive(Student student, ReceiveContribution c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        var account = student.Insurance?.ContributionOf(c.Year);
        decision.Emit(new ContributionReceived(c.AmountCentimes, c.Effective, c.Year));
        Clocks.ContributionReceived(account, c.Effective, rulebook, decision);
        var received = account?.ReceivedCentimes ?? 0;
        Conclude(
            student,
            new Money(
                c.Year, Math.Max(account?.PaidCentimes ?? 0, received + c.AmountCentimes), account?.HeldCentimes ?? 0),
            WhyUnexpected(student, c.Year, received, c.AmountCentimes, Reason.ContributionAlreadyReceived, rulebook),
            rulebook, decision);

        // It only ends a suspension; that there is none is the usual course.
        if (student.Insurance is { Suspensions.Length: > 0 })
            Suspending.Follow(student, c.Known, decision);
    }

    [Rule("C4")]
    public static void PresentReceipt(Student student, PresentReceipt c, Decision decision)
    {
        var contribution = student.Insurance?.ContributionOf(student.Year);
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (contribution is not { PaidCentimes: > 0 } || contribution.IsPaidTo(c.Institution))
            decision.Refuse(Reason.NoPaymentElsewhere);
        else if (contribution.ReceiptShown)
            decision.Refuse(Reason.ContributionAlreadyPaid);
        else
            decision.Emit(new ContributionWaived(c.Institution));
    }

    /// <summary>
    /// What an enrolment owes for a year under the rules of that year's first day; 0 where it owes nothing. The rules,
    /// and not the day on which somebody pays, decide: the amount of a year is the same whenever it is paid (C2).
    /// </summary>
    [Rule("C1", "C2")]
    public static long Owes(in EnrolmentRecord enrolment, int year, DateOnly enrolledOn, Rulebook rulebook)
    {
        var rules = RulesOf(enrolment.Category, year, enrolledOn, rulebook);
        return rules.PaysContribution(enrolment.Category, enrolment.PaidTrack) ? rules.ContributionCentimes : 0;
    }

    /// <summary>
    /// The rules in force on the first day of an academic year, or the first ones where it began before them.
    /// </summary>
    public static RulesInForce RulesOf(Category category, int year, DateOnly enrolledOn, Rulebook rulebook)
    {
        var first = rulebook.On(enrolledOn).AcademicYear(category, year).Start;
        return rulebook.On(first < rulebook.FirstDay ? rulebook.FirstDay : first);
    }

    /// <summary>
    /// Holds and releases money so that of each year exactly what is not expected is held. Call it when all is decided
    /// that changes what is expected.
    /// </summary>
    [Rule("C5")]
    public static void Hold(Student student, Rulebook rulebook, Decision decision)
    {
        if (!HasMoney(student))
            return;
        var after = student.Rehearse(decision.Events);
        for (var contribution = after.Insurance?.Contribution; contribution is not null; contribution =
            contribution.Before)
            Hold(
                after, new Money(contribution.Year, contribution.LargestCentimes, contribution.HeldCentimes),
                Reason.None, rulebook, decision);
    }

    /// <summary>The receipt of a day that was learnt last, over all years; null when there is none.</summary>
    public static (int Year, ContributionReceipt Receipt)? LastLearnt(Insurance insurance, DateOnly day)
    {
        (int Year, ContributionReceipt Receipt)? last = null;
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
        {
            if (contribution.LastLearnt(day) is { } receipt
                && (last is null || receipt.Number > last.Value.Receipt.Number))
                last = (contribution.Year, receipt);
        }

        return last;
    }

    /// <summary>The receipt never was.</summary>
    [Rule("S5", "T7", "C5")]
    public static void TakeBackReceipt(Student student, DateOnly day, Rulebook rulebook, Decision decision)
    {
        var (year, receipt) = LastLearnt(student.Insurance!, day)!.Value;
        decision.Emit(new ReceiptCorrected(year, day, receipt.Centimes));
        Hold(student, rulebook, decision);
    }

    /// <summary>What is paid or received changes nothing of what is expected, and nothing of another year.</summary>
    private static void Conclude(Student student, in Money money, Reason reason, Rulebook rulebook, Decision decision)
    {
        Hold(student, money, reason, rulebook, decision);
        decision.Conclude(Outcome.Done, reason);
    }

    private static void Hold(Student student, in Money money, Reason reason, Rulebook rulebook, Decision decision)
    {
        var expected = Expected(student, money.Year, rulebook);
        var change = (expected == 0 || money.Centimes < expected ? money.Centimes : money.Centimes - expected)
            - money.HeldCentimes;
        if (change > 0)
            decision.Emit(
                new ContributionHeld(
                    change, money.Year, reason != Reason.None ? reason : WhyHeld(student, money.Year, expected)));
        else if (change < 0)
            decision.Emit(new ContributionReleased(-change, money.Year));
    }

    /// <summary>
    /// What the year is expected to bring: what is owed or, before it is, what an application under way would owe.
    /// </summary>
    private static long Expected(Student student, int year, Rulebook rulebook)
    {
        // Of a journal that did not say how much was owed, the rules of the year say it.
        if (student.Insurance?.ContributionOf(year) is { Due: not null } account)
            return account.OwedCentimes > 0
                ? account.OwedCentimes
                : RulesOf(student.Enrolment.Category, year, student.EnrolledOn, rulebook).ContributionCentimes;
        return IsUnderWay(student, year) && !student.Enrolments.IsCarriedOver
            ? Owes(student.Enrolment, year, student.EnrolledOn, rulebook)
            : 0;
    }

    private static Reason WhyUnexpected(
        Student student, int year, long before, long centimes, Reason already, Rulebook rulebook)
    {
        var expected = Expected(student, year, rulebook);
        if (WhyHeld(student, year, expected) is var reason and not Reason.ContributionWrongAmount)
            return reason;
        if (before >= expected)
            return already;
        return before + centimes == expected ? Reason.None : Reason.ContributionWrongAmount;
    }

    private static Reason WhyHeld(Student student, int year, long expected)
    {
        var hasRight = student.Insurance?.HasRightOf(year) == true;
        if (year > student.Year && !hasRight)
            return Reason.ContributionTooEarly;
        if (expected == 0)
            return hasRight || IsUnderWay(student, year) ? Reason.ContributionNotDue : Reason.ContributionWithoutRight;
        return Reason.ContributionWrongAmount;
    }

    private static bool IsUnderWay(Student student, int year) =>
        year == student.Year
            && student.Application is ApplicationState.Declared or ApplicationState.Forwarded
                or ApplicationState.WithAnam;

    private static bool HasMoney(Student student)
    {
        for (var contribution = student.Insurance?.Contribution; contribution is not null; contribution =
            contribution.Before)
        {
            if (contribution.LargestCentimes > 0)
                return true;
        }

        return false;
    }

    /// <summary>The money of a year: what was paid or received, the larger, and what of it is held.</summary>
    private readonly record struct Money(int Year, long Centimes, long HeldCentimes);
}
