using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>
/// Counts how often each situation of the rules occurred in the compared lives: an agreement on nothing proves nothing.
/// </summary>
internal static class Situations
{
    public static IReadOnlyList<(string Name, long Times)> Of(IReadOnlyCollection<SchemeModel> models)
    {
        var people = models.SelectMany(model => model.People).ToList();
        var claims = people.SelectMany(person => person.Claims.Values).ToList();
        var lines = claims.SelectMany(claim => claim.Lines).ToList();
        var payments = claims.SelectMany(
            claim => claim.Payments, (claim, payment) => (claim.IsThirdParty, payment.Account.Payee, payment.State))
                .ToList();
        var done =
            people.SelectMany(person => person.Story).Where(entry => entry.Reply.Outcome != Outcome.Refused).ToList();
        return
        [
            ("students with coverages that overlap", people.Count(HasOverlap)),
            ("ends that ANAM confirmed",
                people.Sum(person => person.Coverage.Count(fact => fact is { Begins: false, By: Word.Anam }))),
            ("ends that ANAM did not confirm",
                people.Sum(person => person.Coverage.Count(fact => fact is { Begins: false, By: Word.Student }))),
            ("ends that were inferred", people.Sum(person => person.Coverage.Count(fact => fact.By == Word.Inferred))),
            ("ends without a name", Refused(Reason.CoverageNotNamed)),
            ("statements of one date about one coverage",
                people.Sum(person =>
                    person.Coverage.GroupBy(fact => (fact.Coverage, fact.From)).Count(facts => facts.Count() > 1))),
            ("corrections", Done(command => command is CorrectFact)),
            ("further enrolments of a year", people.Sum(FurtherEnrolments)),
            ("categories that changed from year to year", people.Count(ChangesCategory)),
            ("categories that changed before money for the year before is learnt",
                people.Count(person => ChangesCategory(person) && HasMoneyForAYearBefore(person))),
            .. new[]
            {
                Reason.ContributionTooEarly,
                Reason.ContributionNotDue,
                Reason.ContributionWithoutRight,
                Reason.ContributionAlreadyPaid,
                Reason.ContributionAlreadyReceived,
                Reason.ContributionWrongAmount
            }
                .Select(reason => ($"money held as {reason}", (long)done.Count(entry => entry.Reply.Reason == reason))),
            ("excused spells",
                people.Sum(person =>
                    person.Studies.Count(fact =>
                        fact.Fact == CommandKind.ChangeInterruptionReason && Scheme.Excuses(fact.Reason)))),
            ("two decisions on an illness from a day",
                people.Sum(person =>
                    person.Exemptions.GroupBy(fact => (fact.Illness, fact.From)).Count(facts => facts.Count() > 1))),
            ("lines with units of several approvals",
                lines.Count(line => line.Units.Values.Count(units => units > 0) > 1)),
            ("approvals decided again",
                people.Sum(person => person.Approvals.Count(approval => approval.Decisions.Count > 1))),
            ("decisions on approval taken back",
                Done(command => command is CorrectFact { Fact: CommandKind.DecideApproval })),
            ("claims revised by facts", models.Sum(model => model.Sums.RevisedByFacts)),
            ("claims revised by approvals", models.Sum(model => model.Sums.RevisedByApprovals)),
            ("claims revised by prostheses", models.Sum(model => model.Sums.RevisedByProstheses)),
            ("prostheses too recent", lines.Count(line => line.Reason == Reason.ProsthesisTooRecent)),
            ("bridges and dentures that need no approval",
                lines.Count(line =>
                    Prostheses.KindOf(line.Act.Act) != ProsthesisKind.None && line.UnitsTaken == 0 && line.Amount > 0)),
            ("prostheses freed by a duplicate", models.Sum(model => model.Sums.ProsthesesFreed)),
            ("lines presented again", models.Sum(model => model.Sums.PresentedAgain)),
            ("files returned for a price",
                claims.Sum(claim => claim.Returns.Count(missing => missing.HasFlag(FileItems.LinePrice)))),
            ("files returned for a description",
                claims.Sum(claim => claim.Returns.Count(missing => missing.HasFlag(FileItems.ProsthesisDescription)))),
            ("files completed with their lines", Done(command => command is CompleteClaim { Lines.Length: > 0 })),
            ("completions that changed more", Refused(Reason.CompletionChangesLines)),
            ("lines paid by a generic", lines.Count(line => line.Act.GenericCentimes > 0 && line.Amount > 0)),
            ("claims with several payments", claims.Count(claim => claim.Payments.Count > 1)),
            ("payments that came back by number", Done(command => command is ReportPaymentReturned { Payment: > 0 })),
            ("payments that came back without", Done(command => command is ReportPaymentReturned { Payment: 0 })),
            ("payments not named", Refused(Reason.PaymentNotNamed)),
            ("payments unknown", Refused(Reason.PaymentUnknown)),
            ("refunds to students",
                payments.Count(payment =>
                    payment is { IsThirdParty: true, Payee: PaidTo.Student, State: Model.PaymentState.Confirmed })),
            ("refunds that came back",
                payments.Count(payment =>
                    payment is { IsThirdParty: true, Payee: PaidTo.Student, State: Model.PaymentState.Returned })),
            ("refunds set off", models.Sum(model => model.Sums.RefundsSetOff)),
            ("refunds owed back", models.Sum(model => model.Sums.RefundsOwedBack)),
            ("bills of which both payees owe", models.Sum(model => model.Sums.BothOwe)),
            ("bills of which one payee owes and the other is due", models.Sum(model => model.Sums.OneOwesOneIsDue)),
            ("claims paid by two methods",
                claims.Count(claim => claim.Payments.DistinctBy(payment => payment.Method).Count() > 1)),
        ];

        long Refused(Reason reason) => models.Sum(model => model.Sums.Refused.GetValueOrDefault(reason));

        long Done(Func<Command, bool> isMeant) => done.Count(entry => isMeant(entry.Command));
    }

    /// <summary>
    /// Public last year and private now, or any other change: of what was declared, and of what the fund brought over
    /// from its earlier files.
    /// </summary>
    private static bool ChangesCategory(Person person) =>
        YearsOf(person).DistinctBy(entry => entry.Year).DistinctBy(entry => entry.Category).Count() > 1;

    private static IEnumerable<(int Year, Category Category)> YearsOf(Person person)
    {
        foreach (var (command, reply) in person.Story)
        {
            if (reply.Outcome != Outcome.Refused && command is CarryOverRegistration c)
                yield return (c.Year, c.Enrolment.Category);
            else if (reply.Outcome != Outcome.Refused && command is Declare d)
                yield return (d.Year, d.Enrolment.Category);
        }
    }

    private static bool HasMoneyForAYearBefore(Person person)
    {
        var year = int.MaxValue;
        foreach (var (command, _) in person.Story)
        {
            if (command is Declare declaration)
                year = declaration.Year;
            else if (command is ReceiveContribution receipt && receipt.Year < year && year < int.MaxValue)
                return true;
        }

        return false;
    }

    private static bool HasOverlap(Person person) => person.Coverage.Where(fact => fact.Begins)
        .Any(fact =>
            person.Coverage.Any(other =>
                other.Coverage != fact.Coverage
                    && other.Begins
                    && Model.Coverages.Lasts(person, other.Coverage, fact.From)));

    private static int FurtherEnrolments(Person person) =>
        person.Story.Where(entry =>
            entry is { Command: Declare { Coverage: CoverageKind.None }, Reply.Outcome: Outcome.Done })
            .Select(entry => (Declare)entry.Command)
            .GroupBy(c => c.Year)
            .Sum(ofYear => ofYear.DistinctBy(c => c.Enrolment.Institution).Count() - 1);
}
