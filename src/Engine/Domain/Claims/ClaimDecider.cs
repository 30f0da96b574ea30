using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Decides what a command or an answer means for a claim: events, or a refusal with its reason. Pure: it changes
/// nothing.
/// </summary>
internal static class ClaimDecider
{
    /// <summary>
    /// A file at a desk. The student's actor is the claim's parent and admits it: the right desk follows from the
    /// category of the student (D2, K6), or of any enrolment of the year on record (D7).
    /// </summary>
    [Rule("E4", "D2", "K3", "K5", "K6")]
    public static void Admit(Student student, DepositClaim c, Rulebook rules, Decision decision)
    {
        if (!student.IsKnown)
            decision.Refuse(Reason.StudentUnknown);
        else if (!c.PatientIsStudent)
            decision.Refuse(Reason.PatientNotStudent);
        else if (c.Lines.Length is 0 or > DepositClaim.MaxLines)
            decision.Refuse(Reason.TooManyLines);
        else if (!IsRightDesk(student.Enrolments, c))
            decision.Refuse(Reason.WrongClaimDesk);
        else if (HasCareAfter(c.Effective, c.Lines))
            decision.Refuse(Reason.CareAfterDeposit);
        else
            Deposit(c, rules, decision);
    }

    public static void Decide(Claim claim, ClaimCommand command, ISiblings siblings, Rulebook rules, Decision decision)
    {
        switch (command)
        {
            case ReceiveClaim c:
                Receive(claim, c, rules, decision);
                break;
            case OrderPayment c:
                Paying.Order(claim, c, siblings, decision);
                break;
            case ConfirmPayment c:
                Paying.Confirm(claim, c, decision);
                Clocks.PaymentConfirmed(claim, c, rules, decision);
                break;
            case CompleteClaim c:
                Complete(claim, c, rules, decision);
                break;
            case DepositClaim:
                decision.Refuse(Reason.ClaimAlreadyDeposited);
                break;
            case ReviewClaim c:
                Judging.Review(claim, c, rules, decision);
                break;
            case ResolveDuplicate c:
                Judging.Resolve(claim, c, rules, decision);
                break;
            case AppealClaim:
                Judging.Appeal(claim, decision);
                break;
            case DecideAppeal c:
                Judging.DecideAppeal(claim, c, rules, decision);
                break;
            case ReopenClaim:
                Judging.Reopen(claim, rules, decision);
                break;
            case ReportPaymentReturned c:
                Paying.Return(claim, c, decision);
                break;
            case ReissuePayment c:
                Paying.Reissue(claim, c, siblings, decision);
                break;
            case RecoverOverpayment c:
                Paying.Recover(claim, c, decision);
                break;
            default:
                throw new InvalidOperationException($"{command.Kind} is not for a claim");
        }
    }

    /// <summary>The student answered: every line is priced under the rules of its own date of care (B12).</summary>
    public static void Decide(Claim claim, CoverageAnswer answer, Rulebook rules, Decision decision)
    {
        if (answer.Question.Cause == RevisionCause.None)
            Judging.Adjudicate(claim, answer, rules, decision);
        else
            Judging.JudgeAgain(claim, answer, rules, decision);
    }

    /// <summary>Something that the claim may depend on was learnt late (S5).</summary>
    public static void Decide(Claim claim, LateTruth learnt, Rulebook rules, Decision decision) =>
        Judging.Ask(claim, RevisionCause.LateFact, learnt, rules, decision);

    private static void Deposit(DepositClaim c, Rulebook rules, Decision decision)
    {
        decision.Emit(new ClaimDeposited(c.Claim, c.Way, c.Desk, c.Provider, c.Items, c.Effective, c.Lines));
        Clocks.BillDeposited(c, rules, decision);
        ReturnIfMissing(
            c.Claim, LineItems.Missing(RequiredItems.Of(c.Lines, c.Way) & ~c.Items, c.Lines, rules), decision);
    }

    [Rule("K5", "X5")]
    private static void Complete(Claim claim, CompleteClaim c, Rulebook rules, Decision decision)
    {
        if (claim.Status != ClaimStatus.Returned)
        {
            decision.Refuse(claim.IsClosed ? Reason.ClaimClosed : Reason.ClaimNotReturned);
            return;
        }

        if (c.Lines.Length > 0 && !LineItems.OnlyComplete(claim.Lines, c.Lines, rules))
        {
            decision.Refuse(Reason.CompletionChangesLines);
            return;
        }

        var isChanged = c.Lines.Length > 0 && !c.Lines.AsSpan().SequenceEqual(claim.Lines);
        decision.Emit(new ClaimCompleted(claim.Number, c.Items, isChanged ? c.Lines : []));
        ReturnIfMissing(
            claim.Number, LineItems.Missing(claim.Missing & ~c.Items, isChanged ? c.Lines : claim.Lines, rules),
            decision);
    }

    /// <summary>K5: an incomplete file goes back with every missing item named.</summary>
    [Rule("K5", "X5")]
    private static void ReturnIfMissing(ulong claim, FileItems missing, Decision decision)
    {
        if (missing == FileItems.None)
            return;
        decision.Emit(new ClaimReturned(claim, missing));
        decision.Conclude(Outcome.ClaimReturned, Reason.MissingItems);
    }

    [Rule("K2", "K3")]
    private static void Receive(Claim claim, ReceiveClaim c, Rulebook rules, Decision decision)
    {
        if (claim.Status != ClaimStatus.Deposited)
        {
            decision.Refuse(
                claim.Status == ClaimStatus.Returned ? Reason.ClaimNotComplete : Reason.ClaimAlreadyReceived);
            return;
        }

        decision.Emit(new ClaimReceived(claim.Number, c.Effective));
        Judging.Ask(claim, RevisionCause.None, null, rules, decision);
    }

    private static bool HasCareAfter(DateOnly day, ClaimLine[] lines)
    {
        foreach (ref readonly var line in lines.AsSpan())
        {
            if (line.CareDate > day)
                return true;
        }

        return false;
    }

    private static bool IsRightDesk(YearEnrolments enrolments, DepositClaim c)
    {
        if (!ReferenceData.HasDesk(c.Desk))
            return false;
        var network = ReferenceData.Desk(c.Desk).Network;

        // A provider sends its request for cover and its invoice to the fund itself (K2).
        if (c.Way == ClaimWay.ThirdParty)
            return network == DeskNetwork.Fund;
        for (var category = Category.None; category <= Category.MinistryVocational; category++)
        {
            if (enrolments.Has(category) && ClaimDesks.Accepts(category, network))
                return true;
        }

        return false;
    }
}
