using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Defects;

/// <summary>C2: a receipt counts for the academic year in which it arrives, whatever year it is for.</summary>
internal sealed class ReceiptOfTheWrongYear(IActorLogic inner) : DefectiveLogic(inner)
{
    private const int September = 9;

    protected override Command Hear(Command command) => command is ReceiveContribution receipt
        ? receipt with
        {
            Year = receipt.Effective.Month >= September ? receipt.Effective.Year : receipt.Effective.Year - 1
        }
        : command;
}

/// <summary>C5: what exceeds the contribution is booked nowhere.</summary>
internal sealed class SurplusNotHeld(IActorLogic inner) : DefectiveLogic(inner)
{
    private const long Contribution = 40_000;

    protected override Command Hear(Command command) => command switch
    {
        PayContribution payment => payment with { AmountCentimes = Math.Min(Contribution, payment.AmountCentimes) },
        ReceiveContribution receipt => receipt with { AmountCentimes = Math.Min(Contribution, receipt.AmountCentimes) },
        _ => command,
    };
}

/// <summary>S2: coverages are not distinguished, so that the end of one ends all.</summary>
internal sealed class CoveragesNotToldApart(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) => command switch
    {
        ReportOtherCoverage c => c with { Coverage = CoverageKind.Cnss, Holder = CoverageHolder.None },
        EndOtherCoverage { Coverage: not CoverageKind.None } c =>
            c with { Coverage = CoverageKind.Cnss, Holder = CoverageHolder.None },
        CorrectFact { Coverage: not CoverageKind.None } c =>
            c with { Coverage = CoverageKind.Cnss, Holder = CoverageHolder.None },
        _ => command,
    };
}

/// <summary>S4: an end that ANAM did not confirm ends a coverage.</summary>
internal sealed class UnconfirmedEndEnds(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) =>
        command is EndOtherCoverage end ? end with { ByAnam = true } : command;
}

/// <summary>S2: what ANAM states has no more weight than what the student does.</summary>
internal sealed class WordOfAnamNotHeard(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) =>
        command is ReportOtherCoverage report ? report with { ByAnam = false } : command;
}

/// <summary>T7: a correction takes back every fact of its date, not the one learnt last.</summary>
internal sealed class CorrectionTakesBothFacts(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) =>
        e is FactTakenBack f ? [new FactCorrected(f.Fact, f.On, 0)] : [e];
}

/// <summary>B10: a line is covered by the units of one approval, the largest.</summary>
internal sealed class UnitsOfOneApproval(IActorLogic inner) : DefectiveLogic(inner)
{
    private readonly ConcurrentDictionary<(StudentId, ulong), Act> _asked = [];
    private readonly ConcurrentDictionary<(StudentId, Act), int> _largest = [];

    protected override Command Hear(Command command)
    {
        if (command is RequestApproval request)
            _asked.TryAdd((request.Student, request.Reference), request.Act);
        else if (command is DecideApproval decision
            && _asked.TryGetValue((decision.Student, decision.Reference), out var act))
            _largest.AddOrUpdate(
                (decision.Student, act), decision.Units, (_, units) => Math.Max(units, decision.Units));
        return command;
    }

    protected override CoverageAnswer Hear(Claim claim, CoverageAnswer answer) => answer with
    {
        Lines = [.. answer.Lines.Select((line, i) => _largest.TryGetValue(
            (answer.Student, claim.Lines[i].Act), out var units)
            ? line with { ApprovedUnits = Math.Min(units, line.ApprovedUnits) }
            : line)],
    };
}

/// <summary>B10: an approval learnt late is put on record, and no claim hears of it.</summary>
internal sealed class LateApprovalsReachNoClaim(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override bool Sends(Message message) => message is not ApprovalsChanged;
}

/// <summary>B6: of two prostheses the file that comes first decides, whichever is the older.</summary>
internal sealed class OlderProsthesisNotHeard(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override bool Sends(Message message) => message is not ProsthesesLearnt { AreWithdrawn: false };
}

/// <summary>B6: a prosthesis that was claimed before counts on, and later ones stay too recent.</summary>
internal sealed class DuplicateProsthesisCounts(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override bool Sends(Message message) => message is not ProsthesesLearnt { AreWithdrawn: true };
}

/// <summary>B6: every prosthesis counts as being at the same place.</summary>
internal sealed class PlaceOfProsthesisIgnored(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) => command switch
    {
        DepositClaim deposit => deposit with { Lines = Array.ConvertAll(deposit.Lines, Everywhere) },
        CompleteClaim completion => completion with { Lines = Array.ConvertAll(completion.Lines, Everywhere) },
        _ => command,
    };

    private static ClaimLine Everywhere(ClaimLine line) => line.Prosthesis.Teeth == 0
        ? line
        : line with { Prosthesis = line.Prosthesis with { Teeth = Prosthesis.UpperJaw | Prosthesis.LowerJaw } };
}

/// <summary>B6: every bridge and denture needs approval, whatever its elements.</summary>
internal sealed class ElementsIgnored(IActorLogic inner) : DefectiveLogic(inner)
{
    private const byte Long = 12;

    protected override Command Hear(Command command) => command switch
    {
        DepositClaim deposit => deposit with { Lines = Array.ConvertAll(deposit.Lines, OfMany) },
        CompleteClaim completion => completion with { Lines = Array.ConvertAll(completion.Lines, OfMany) },
        _ => command,
    };

    private static ClaimLine OfMany(ClaimLine line) =>
        line.Prosthesis.Elements == 0 ? line : line with { Prosthesis = line.Prosthesis with { Elements = Long } };
}

/// <summary>X6: another payment comes back than the message names.</summary>
internal sealed class WrongPaymentComesBack(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) => command is ReportPaymentReturned { Payment: > 0 } returned
        ? returned with { Payment = returned.Payment == 1 ? 2 : 1 }
        : command;
}

/// <summary>K8: payments go to the account of the student's first declaration, whatever was declared since.</summary>
internal sealed class AccountOfTheFirstDeclaration(IActorLogic inner) : DefectiveLogic(inner)
{
    private readonly ConcurrentDictionary<StudentId, bool> _accounts = [];

    protected override Command Hear(Command command) => command switch
    {
        CarryOverRegistration c =>
            c with
            {
                Enrolment = c.Enrolment with
                {
                    HasBankAccount = _accounts.GetOrAdd(c.Student, c.Enrolment.HasBankAccount)
                }
            },
        Declare c =>
            c with
            {
                Enrolment = c.Enrolment with
                {
                    HasBankAccount = _accounts.GetOrAdd(c.Student, c.Enrolment.HasBankAccount)
                }
            },
        _ => command,
    };
}

/// <summary>X1: a line is a duplicate of one that was refused for a formal cause.</summary>
internal sealed class FormalRefusalIsADuplicate(IActorLogic inner) : DefectiveLogic(inner)
{
    private readonly ConcurrentDictionary<(StudentId, int, DateOnly, Act, uint), ulong> _seen = [];

    protected override CoverageAnswer Hear(Claim claim, CoverageAnswer answer)
    {
        if (claim.Provider == 0)
            return answer;
        var (lines, same) = (answer.Lines.ToArray(), answer.SameLines);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = claim.Lines[i];
            if (_seen.GetOrAdd(
                (answer.Student, claim.Provider, line.CareDate, line.Act, line.PaidCentimes),
                claim.Number) == claim.Number)
                continue;
            lines[i] = lines[i] with { Repeats = Reason.DuplicateLine };
            same |= 1u << i;
        }

        return answer with { Lines = lines, SameLines = same };
    }
}

/// <summary>B2: a medicine is reimbursed by its own price, though there is a generic.</summary>
internal sealed class GenericIgnored(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override Command Hear(Command command) => command switch
    {
        DepositClaim deposit => deposit with { Lines = Array.ConvertAll(deposit.Lines, WithoutGeneric) },
        CompleteClaim completion => completion with { Lines = Array.ConvertAll(completion.Lines, WithoutGeneric) },
        _ => command,
    };

    private static ClaimLine WithoutGeneric(ClaimLine line) => line with { GenericCentimes = 0 };
}

/// <summary>K5: a file that lacks a price is complete, and the line is refused for it.</summary>
internal sealed class MissingPriceNotSeen(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e)
    {
        if (e is not ClaimReturned { Missing: var missing } returned || !missing.HasFlag(FileItems.LinePrice))
            return [e];
        return missing == FileItems.LinePrice ? [] : [returned with { Missing = missing & ~FileItems.LinePrice }];
    }
}
