using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Defects;

/// <summary>S1 ends on the day after the receipt.</summary>
internal sealed class ReceiptCountsADayLate(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) =>
        command is ReceiveContribution receipt ? receipt with { Effective = receipt.Effective.AddDays(1) } : command;
}

/// <summary>E2 is counted as if the student were born a day later.</summary>
internal sealed class BirthdayADayLate(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) => command is Declare declaration
        ? declaration with
        {
            Enrolment = declaration.Enrolment with { BirthDate = declaration.Enrolment.BirthDate.AddDays(1) }
        }
        : command;
}

/// <summary>K3 is asked of the day on which the file was deposited.</summary>
internal sealed class CoverageOnTheDayOfFiling(IActorLogic inner) : DefectiveLogic(inner)
{
    private readonly Dictionary<(StudentId, ulong), DateOnly> _deposited = [];

    protected override Command Hear(Command command)
    {
        if (command is DepositClaim deposit)
        {
            lock (_deposited)
                _deposited[(deposit.Student, deposit.Claim)] = deposit.Effective;
        }

        return command;
    }

    protected override CheckCoverage Hear(Student student, CheckCoverage question)
    {
        lock (_deposited)
        {
            var day = _deposited[(student.Id, question.Claim)];
            return question with { Questions = [.. question.Questions.Select(line => line with { CareDate = day })] };
        }
    }
}

/// <summary>B11: the lines' fractions are kept and the sum is rounded.</summary>
internal sealed class RoundedOncePerClaim(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e)
    {
        if (e is not ClaimAdjudicated judged
            || claim is null
            || judged.Outcomes.Any(outcome => outcome.Reason == Reason.ApprovalCoversLess))
            return [e];
        var outcomes = judged.Outcomes.ToArray();
        var kept = 0m;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].AmountCentimes == 0)
                continue;
            var line = claim.Lines[i];
            var terms = new Scheme().TermsOf(line.Act, line.Sector, line.CareDate)!;
            var most = terms.Base switch
            {
                Base.PerUnit => terms.Dirhams * line.Quantity * 100,
                Base.Flat => terms.Dirhams * 100,
                Base.Stated => line.GenericCentimes > 0 ? line.GenericCentimes : line.ReferenceCentimes,
                _ => line.PaidCentimes,
            };
            var whole = Math.Min(line.PaidCentimes, most);
            var exact = kept + (outcomes[i].AmountCentimes == whole ? whole : whole * terms.Rate);
            outcomes[i] = outcomes[i] with { AmountCentimes = (uint)exact };
            kept = exact - (uint)exact;
        }

        return [judged with { Outcomes = outcomes }];
    }
}

/// <summary>B7: the flat amount is paid whatever was spent.</summary>
internal sealed class FlatAmountInFull(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is ClaimAdjudicated judged && claim is not null
            ? [judged with
            {
                Outcomes = [.. judged.Outcomes.Select((outcome, i) =>
                    claim.Lines[i].Act == Act.Glasses && outcome.AmountCentimes > 0
                        ? outcome with { AmountCentimes = 80_000 }
                        : outcome)]
            }]
            : [e];
}

/// <summary>B10: an approval of fewer units than claimed pays for all of them.</summary>
internal sealed class PartialApprovalInFull(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override CoverageAnswer Hear(Claim claim, CoverageAnswer answer) => answer with
    {
        Lines = [.. answer.Lines.Select((line, i) =>
            line.ApprovedUnits > 0 ? line with { ApprovedUnits = claim.Lines[i].Quantity } : line)],
    };
}

/// <summary>B10: what a claim takes of an approval is not remembered.</summary>
internal sealed class ApprovalNeverUsedUp(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) => e is ApprovalUsed ? [] : [e];
}

/// <summary>X1: every sheet seems to be of another provider.</summary>
internal sealed class DuplicatesNotSeen(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) =>
        command is DepositClaim deposit ? deposit with { Provider = 0 } : command;
}

/// <summary>B9 is granted and forgotten when a line is priced.</summary>
internal sealed class ExemptionIgnored(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override CoverageAnswer Hear(Claim claim, CoverageAnswer answer) =>
        answer with { Lines = [.. answer.Lines.Select(line => line with { ExemptFromShare = false })] };
}

/// <summary>K5: of several missing items the first is not named.</summary>
internal sealed class MissingItemNotNamed(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is ClaimReturned { Missing: var missing } returned
            && ((uint)missing & ((uint)missing - 1)) is var fewer and not 0
            ? [returned with { Missing = (FileItems)fewer }]
            : [e];
}

/// <summary>S5: a fact learnt late is put on record, and no claim hears of it.</summary>
internal sealed class LateFactsReachNoClaim(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override bool Sends(Message message) => message is not CoverageChanged;
}

/// <summary>K8: a confirmation is booked twice.</summary>
internal sealed class PaidTwice(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is PaymentMade ? [e, e] : [e];
}

/// <summary>C5: a contribution that opened no entitlement period is kept and shown nowhere.</summary>
internal sealed class HeldContributionVanishes(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is ContributionHeld ? [] : [e];
}

/// <summary>One event in so many is answered for and never journalled.</summary>
internal sealed class EventLost(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is OtherCoverageEnded ? [] : [e];
}

/// <summary>X7: what is set off stays owed, and is set off again.</summary>
internal sealed class SetOffTwice(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is OverpaymentRecovered { BySetOff: true } ? [] : [e];
}
