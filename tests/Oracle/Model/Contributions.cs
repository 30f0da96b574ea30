using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Model;

/// <summary>The contribution (C1-C5): each year has an account, and no money is refused.</summary>
internal sealed class Contributions(Scheme scheme, Sums sums)
{
    public OracleReply Pay(Person person, PayContribution c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        var (account, dirhams) = (person.AccountOf(c.Year), c.AmountCentimes / 100m);
        var reason = WhyUnexpected(person, c.Year, account.Paid, dirhams, Reason.ContributionAlreadyPaid);
        account.Payments.Add((c.Institution, dirhams));
        sums.ContributionsPaid += dirhams;
        return new OracleReply(Outcome.Done, reason);
    }

    public OracleReply Receive(Person person, ReceiveContribution c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        var (account, dirhams) = (person.AccountOf(c.Year), c.AmountCentimes / 100m);
        var reason = WhyUnexpected(person, c.Year, account.Received, dirhams, Reason.ContributionAlreadyReceived);
        account.Receipts.Add(new Receipt(c.Effective, dirhams, person.Learn()));
        return new OracleReply(Outcome.Done, reason);
    }

    public static OracleReply PresentReceipt(Person person, PresentReceipt c)
    {
        if (person.Year is not { } year)
            return OracleReply.Refused(Reason.NotDeclared);
        var account = person.AccountOf(year);
        if (account.Payments.Count == 0 || account.Payments.Exists(payment => payment.Institution == c.Institution))
            return OracleReply.Refused(Reason.NoPaymentElsewhere);
        if (account.ReceiptShown)
            return OracleReply.Refused(Reason.ContributionAlreadyPaid);
        account.ReceiptShown = true;
        return OracleReply.Done;
    }

    /// <summary>
    /// The enrolment on record was accepted, or declared within an accepted year: what it owes is owed once (C4, D7).
    /// </summary>
    public void Owe(Person person, DateOnly day)
    {
        var year = person.Year!.Value;
        var account = person.AccountOf(year);
        if (account.Owed == 0)
            (account.Owed, account.Due) = (WouldOwe(person, scheme, year),
                day.AddDays(scheme.ContributionDueDays.On(day)));
    }

    /// <summary>Money that is not as expected, of all years (C5).</summary>
    public static decimal Held(Person person, Scheme scheme) =>
        person.Accounts.Sum(of => Held(of.Value, Expected(person, scheme, of.Key)));

    private static decimal Held(YearAccount account, decimal expected)
    {
        var dirhams = Math.Max(account.Paid, account.Received);
        return dirhams < expected ? dirhams : dirhams - expected;
    }

    /// <summary>
    /// The amount owed for a year, or owed once the application under way is accepted; 0 where nothing is.
    /// </summary>
    private static decimal Expected(Person person, Scheme scheme, int year)
    {
        if (person.AccountOf(year).Owed is var owed and > 0)
            return owed;
        return year == person.Year && Registration.IsUnderWay(person) ? WouldOwe(person, scheme, year) : 0;
    }

    private static decimal WouldOwe(Person person, Scheme scheme, int year) =>
        Scheme.Owes(person.Enrolment) && !person.AccountOf(year).IsCarriedOver
            ? scheme.Contribution.On(Scheme.AcademicYear(year).First)
            : 0;

    private Reason WhyUnexpected(Person person, int year, decimal before, decimal dirhams, Reason already)
    {
        var expected = Expected(person, scheme, year);
        var hasRight = person.HasRightOf(year);
        if (year > person.Year && !hasRight)
            return Reason.ContributionTooEarly;
        if (expected == 0)
            return hasRight || year == person.Year && Registration.IsUnderWay(person)
                ? Reason.ContributionNotDue
                : Reason.ContributionWithoutRight;
        if (before >= expected)
            return already;
        return before + dirhams == expected ? Reason.None : Reason.ContributionWrongAmount;
    }
}
