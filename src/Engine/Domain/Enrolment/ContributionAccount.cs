using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>The contribution's way from the student to the fund, each academic year's for itself (C1-C5). Only what the fund receives counts (S1).</summary>
internal static class ContributionAccount
{
    [Rule("C1", "C2", "C3")]
    public static void Pay(Student student, PayContribution c, Rulebook rulebook, Decision decision)
    {
        var contribution = student.Insurance?.ContributionOf(c.Year);
        if (WhyNot(student, c.AmountCentimes, c.Year, rulebook.On(c.Effective)) is var reason and not Reason.None)
        {
            decision.Refuse(reason);
            return;
        }

        if (contribution is { LargestCentimes: > 0 })
        {
            decision.Refuse(Reason.ContributionAlreadyPaid);
            return;
        }

        decision.Emit(new ContributionPaid(c.AmountCentimes, c.Institution, c.Year, c.Effective));
        HoldWhereNotWaitedFor(student, c.Year, c.AmountCentimes, decision);
    }

    [Rule("C1", "C2", "C3", "S1")]
    public static void Receive(Student student, ReceiveContribution c, Rulebook rulebook, Decision decision)
    {
        if (WhyNot(student, c.AmountCentimes, c.Year, rulebook.On(c.Effective)) is var reason and not Reason.None)
        {
            decision.Refuse(reason);
            return;
        }

        var contribution = student.Insurance?.ContributionOf(c.Year);
        if (contribution is { IsSettled: true })
        {
            decision.Refuse(Reason.ContributionAlreadyReceived);
            return;
        }

        decision.Emit(new ContributionReceived(c.AmountCentimes, c.Effective, c.Year));
        Clocks.ContributionReceived(contribution, c.Effective, rulebook, decision);
        var heldAlready = contribution is { IsHeld: true } ? contribution.LargestCentimes : 0;
        var largest = Math.Max(c.AmountCentimes, contribution?.PaidCentimes ?? 0);
        HoldWhereNotWaitedFor(student, c.Year, largest - heldAlready, decision);

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
        else if (contribution is not { PaidCentimes: > 0 } || contribution.PaidTo == c.Institution)
            decision.Refuse(Reason.NoPaymentElsewhere);
        else if (contribution.ReceiptShown)
            decision.Refuse(Reason.ContributionAlreadyPaid);
        else
            decision.Emit(new ContributionWaived(c.Institution));
    }

    /// <summary>What was paid for the year on record must show up as such once no application of that year is under way and no right was opened.</summary>
    [Rule("C5")]
    public static void HoldWhereNoRight(Student student, Decision decision)
    {
        if (student.Insurance is { } insurance && insurance.ContributionOf(student.Year) is { IsHeld: false, LargestCentimes: > 0 and var paid } && !insurance.HasRightOf(student.Year))
            decision.Emit(new ContributionHeldWithoutRight(paid, student.Year));
    }

    /// <summary>The year is accepted after all: what was held for it opens this right.</summary>
    [Rule("C5")]
    public static void Release(Student student, Decision decision)
    {
        if (student.Insurance?.ContributionOf(student.Year) is { IsHeld: true, LargestCentimes: var held })
            decision.Emit(new ContributionReleased(held, student.Year));
    }

    /// <summary>What the receipts of a day come to; 0 when there is none.</summary>
    public static long ReceivedOn(Insurance insurance, DateOnly day)
    {
        var received = 0L;
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
            received += contribution.ReceivedOn == day ? contribution.ReceivedCentimes : 0;
        return received;
    }

    /// <summary>The receipt never was: of what is held only what the student paid is left.</summary>
    [Rule("S5", "C5")]
    public static void TakeBackReceipt(Insurance insurance, DateOnly day, Decision decision)
    {
        decision.Emit(new FactCorrected(CommandKind.ReceiveContribution, day, ReceivedOn(insurance, day)));
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
        {
            if (!contribution.IsHeld || contribution.ReceivedOn != day || contribution.ReceivedCentimes <= contribution.PaidCentimes)
                continue;
            decision.Emit(new ContributionReleased(contribution.ReceivedCentimes, contribution.Year));
            if (contribution.PaidCentimes > 0)
                decision.Emit(new ContributionHeldWithoutRight(contribution.PaidCentimes, contribution.Year));
        }
    }

    private static Reason WhyNot(Student student, long amountCentimes, int year, RulesInForce rules)
    {
        if (!student.IsKnown)
            return Reason.NotDeclared;
        if (!rules.PaysContribution(student.Enrolment.Category, student.Enrolment.PaidTrack)
            || (year != student.Year && student.Insurance?.HasRightOf(year) != true))
            return Reason.ContributionNotDue;
        return amountCentimes == rules.ContributionCentimes ? Reason.None : Reason.ContributionWrongAmount;
    }

    private static void HoldWhereNotWaitedFor(Student student, int year, long centimes, Decision decision)
    {
        var isUnderWay = year == student.Year && student.Application is ApplicationState.Declared or ApplicationState.Forwarded or ApplicationState.WithAnam;
        if (centimes > 0 && !isUnderWay && student.Insurance?.HasRightOf(year) != true)
            decision.Emit(new ContributionHeldWithoutRight(centimes, year));
    }
}
