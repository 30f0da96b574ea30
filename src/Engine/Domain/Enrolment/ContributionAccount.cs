using Amoe.Engine.Rules;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>The contribution's way from the student to the fund (C1-C5). Only what the fund receives counts (S1).</summary>
internal static class ContributionAccount
{
    public static void Pay(Student student, PayContribution c, Rulebook rulebook, Decision decision)
    {
        var contribution = student.Insurance?.Contribution;
        if (WhyNot(student, c.AmountCentimes, rulebook.On(c.Effective)) is var reason and not Reason.None)
        {
            decision.Refuse(reason);
            return;
        }

        if (contribution is { PaidCentimes: > 0 } or { ReceivedCentimes: > 0 })
        {
            decision.Refuse(Reason.ContributionAlreadyPaid);
            return;
        }

        decision.Emit(new ContributionPaid(c.AmountCentimes, c.Institution));
        HoldWhereNotWaitedFor(student, c.AmountCentimes, decision);
    }

    public static void Receive(Student student, ReceiveContribution c, Rulebook rulebook, Decision decision)
    {
        if (WhyNot(student, c.AmountCentimes, rulebook.On(c.Effective)) is var reason and not Reason.None)
        {
            decision.Refuse(reason);
            return;
        }

        var contribution = student.Insurance?.Contribution;
        if (contribution is { ReceivedCentimes: > 0 })
        {
            decision.Refuse(Reason.ContributionAlreadyReceived);
            return;
        }

        decision.Emit(new ContributionReceived(c.AmountCentimes, c.Effective));
        if (contribution is not { PaidCentimes: > 0 })
            HoldWhereNotWaitedFor(student, c.AmountCentimes, decision);
        EndSuspension(student, c.Effective, decision);
    }

    public static void PresentReceipt(Student student, PresentReceipt c, Rulebook rulebook, Decision decision)
    {
        var contribution = student.Insurance?.Contribution;
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (contribution is not { PaidCentimes: > 0 } || contribution.PaidTo == c.Institution)
            decision.Refuse(Reason.NoPaymentElsewhere);
        else if (contribution.ReceiptShown)
            decision.Refuse(Reason.ContributionAlreadyPaid);
        else
            decision.Emit(new ContributionWaived(c.Institution));
    }

    private static Reason WhyNot(Student student, long amountCentimes, RulesInForce rules)
    {
        if (!student.IsKnown)
            return Reason.NotDeclared;
        if (!rules.PaysContribution(student.Enrolment.Category, student.Enrolment.PaidTrack))
            return Reason.ContributionNotDue;
        return amountCentimes == rules.ContributionCentimes ? Reason.None : Reason.ContributionWrongAmount;
    }

    /// <summary>C5: what was paid for a year in which no right was opened must show up as such and never vanish.</summary>
    public static void HoldWhereNoRight(Student student, Decision decision)
    {
        if (student.Insurance is { Contribution: { IsHeld: false } contribution } insurance && !insurance.HasRightOf(student.Year)
            && Math.Max(contribution.PaidCentimes, contribution.ReceivedCentimes) is > 0 and var paid)
            decision.Emit(new ContributionHeldWithoutRight(paid));
    }

    /// <summary>C5: with other coverage, or refused, the payment opens no right.</summary>
    private static void HoldWhereNotWaitedFor(Student student, long amountCentimes, Decision decision)
    {
        if (student.Application is ApplicationState.None or ApplicationState.Refused && student.Insurance?.HasRightOf(student.Year) != true)
            decision.Emit(new ContributionHeldWithoutRight(amountCentimes));
    }

    private static void EndSuspension(Student student, DateOnly on, Decision decision)
    {
        if (student.Insurance?.IsSuspendedFor(SuspensionCause.Contribution) == true)
            decision.Emit(new RightResumed(SuspensionCause.Contribution, on));
    }
}
