using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Model;

/// <summary>The contribution (C1-C5).</summary>
internal sealed class Contributions(Scheme scheme, Sums sums)
{
    public OracleReply Pay(Person person, PayContribution c)
    {
        if (WhyNot(person, c.Year, c.AmountCentimes, c.Effective) is var reason and not Reason.None)
            return OracleReply.Refused(reason);
        var contribution = person.ContributionOf(c.Year);
        if (contribution.IsPaid || contribution.IsReceived)
            return OracleReply.Refused(Reason.ContributionAlreadyPaid);
        (contribution.Paid, contribution.PaidTo) = (c.AmountCentimes / 100m, c.Institution);
        sums.ContributionsPaid += contribution.Paid;
        return OracleReply.Done;
    }

    public OracleReply Receive(Person person, ReceiveContribution c)
    {
        if (WhyNot(person, c.Year, c.AmountCentimes, c.Effective) is var reason and not Reason.None)
            return OracleReply.Refused(reason);
        var contribution = person.ContributionOf(c.Year);
        if (contribution.IsReceived)
            return OracleReply.Refused(Reason.ContributionAlreadyReceived);
        contribution.Receipts.Add((c.Effective, c.AmountCentimes / 100m));
        return OracleReply.Done;
    }

    public static OracleReply PresentReceipt(Person person, PresentReceipt c)
    {
        if (person.Year is not { } year)
            return OracleReply.Refused(Reason.NotDeclared);
        var contribution = person.ContributionOf(year);
        if (!contribution.IsPaid || contribution.PaidTo == c.Institution)
            return OracleReply.Refused(Reason.NoPaymentElsewhere);
        if (contribution.ReceiptShown)
            return OracleReply.Refused(Reason.ContributionAlreadyPaid);
        contribution.ReceiptShown = true;
        return OracleReply.Done;
    }

    /// <summary>What was paid or received for years that brought no right (C5).</summary>
    public static decimal Held(Person person) => person.Contributions.Values.Where(contribution => contribution.IsHeld).Sum(contribution => contribution.Dirhams);

    /// <summary>
    /// After anything that happened: money for a year without a right is held as soon as no application of that year is under way, and stays so while
    /// a new one is, until there is a right.
    /// </summary>
    public static void Hold(Person person)
    {
        foreach (var (year, contribution) in person.Contributions)
        {
            if (contribution.Dirhams == 0 || person.HasRightOf(year))
                contribution.IsHeld = false;
            else if (year != person.Year || !Registration.IsUnderWay(person))
                contribution.IsHeld = true;
        }
    }

    private Reason WhyNot(Person person, int year, long centimes, DateOnly day)
    {
        if (!person.IsKnown)
            return Reason.NotDeclared;
        if (!Scheme.Owes(person.Enrolment) || year != person.Year && !person.HasRightOf(year))
            return Reason.ContributionNotDue;
        return centimes / 100m == scheme.Contribution.On(day) ? Reason.None : Reason.ContributionWrongAmount;
    }
}
