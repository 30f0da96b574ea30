using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Domain.Claims;

/// <summary>Decides what a command or an answer means for a claim: events, or a refusal with its reason. Pure: it changes nothing.</summary>
internal static class ClaimDecider
{
    /// <summary>
    /// A file at a desk. The student's actor is the claim's parent and admits it: the right desk follows from the student's category (D2, K6).
    /// </summary>
    public static void Admit(Student student, DepositClaim c, Rulebook rules, Decision decision)
    {
        if (!student.IsKnown)
            decision.Refuse(Reason.StudentUnknown);
        else if (!c.PatientIsStudent)
            decision.Refuse(Reason.PatientNotStudent);
        else if (c.Lines.Length is 0 or > DepositClaim.MaxLines)
            decision.Refuse(Reason.TooManyLines);
        else if (!IsRightDesk(student.Enrolment.Category, c))
            decision.Refuse(Reason.WrongClaimDesk);
        else if (Array.Exists(c.Lines, line => line.CareDate > c.Effective))
            decision.Refuse(Reason.CareAfterDeposit);
        else
            Deposit(c, rules, decision);
    }

    public static void Decide(Claim claim, ClaimCommand command, Rulebook rules, Decision decision)
    {
        switch (command)
        {
            case ReceiveClaim c:
                Receive(claim, c, rules, decision);
                break;
            case OrderPayment c:
                Order(claim, c, decision);
                break;
            case ConfirmPayment c:
                Confirm(claim, c, decision);
                Clocks.PaymentConfirmed(claim, c, rules, decision);
                break;
            case CompleteClaim c:
                Complete(claim, c, decision);
                break;
            case DepositClaim:
                decision.Refuse(Reason.ClaimAlreadyDeposited);
                break;
            case ReviewClaim or ResolveDuplicate or AppealClaim or DecideAppeal or ReportPaymentReturned or ReissuePayment or RecoverOverpayment or ReopenClaim:
                decision.NotYet();
                break;
            default:
                throw new InvalidOperationException($"{command.Kind} is not for a claim");
        }
    }

    /// <summary>The student answered: every line is priced under the rules of its own date of care (B12).</summary>
    public static void Decide(Claim claim, CoverageAnswer answer, Rulebook rules, Decision decision)
    {
        // Asked twice, answered twice: only the first answer decides.
        if (claim.Status != ClaimStatus.Received)
            return;
        var outcomes = new LineOutcome[claim.Lines.Length];
        var payable = 0L;
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Adjudication.Price(claim.Lines[i], claim.Way, claim.DepositedOn, answer.Lines[i], rules);
            payable += outcomes[i].AmountCentimes;
        }

        decision.Emit(new ClaimAdjudicated(claim.Number, MethodFor(claim, answer, payable), outcomes));
        decision.Conclude(payable > 0 ? Outcome.ClaimPayable : Outcome.ClaimNothingPayable);
    }

    private static void Deposit(DepositClaim c, Rulebook rules, Decision decision)
    {
        decision.Emit(new ClaimDeposited(c.Claim, c.Way, c.Desk, c.Provider, c.Items, c.Effective, c.Lines));
        Clocks.BillDeposited(c, rules, decision);
        ReturnIfMissing(c.Claim, RequiredItems.Of(c.Lines, c.Way) & ~c.Items, decision);
    }

    private static void Complete(Claim claim, CompleteClaim c, Decision decision)
    {
        if (claim.Status != ClaimStatus.Returned)
        {
            decision.Refuse(claim.IsClosed ? Reason.ClaimClosed : Reason.ClaimNotReturned);
            return;
        }

        decision.Emit(new ClaimCompleted(claim.Number, c.Items));
        ReturnIfMissing(claim.Number, claim.Missing & ~c.Items, decision);
    }

    /// <summary>K5: an incomplete file goes back with every missing item named.</summary>
    private static void ReturnIfMissing(ulong claim, FileItems missing, Decision decision)
    {
        if (missing == FileItems.None)
            return;
        decision.Emit(new ClaimReturned(claim, missing));
        decision.Conclude(Outcome.ClaimReturned, Reason.MissingItems);
    }

    private static void Receive(Claim claim, ReceiveClaim c, Rulebook rules, Decision decision)
    {
        if (claim.Status != ClaimStatus.Deposited)
        {
            decision.Refuse(claim.Status == ClaimStatus.Returned ? Reason.ClaimNotComplete : Reason.ClaimAlreadyReceived);
            return;
        }

        var questions = new CoverageQuestion[claim.Lines.Length];
        for (var i = 0; i < questions.Length; i++)
        {
            ref readonly var line = ref claim.Lines[i];

            // Only a clinic that asks for cover may ask after the care (K2); the medical control's approval comes before it (B10).
            var emergency = claim.Way == ClaimWay.ThirdParty && line.Circumstances.HasFlag(Circumstances.Emergency);
            questions[i] = new CoverageQuestion(line.CareDate, line.Act, line.Quantity, Adjudication.NeedsApproval(line, claim.Way, claim.DepositedOn, rules), emergency);
        }

        decision.Emit(new ClaimReceived(claim.Number, c.Effective));
        decision.Send(new CheckCoverage(claim.Number, questions));
    }

    private static void Order(Claim claim, OrderPayment c, Decision decision)
    {
        switch (claim.Status)
        {
            case ClaimStatus.Payable:
                decision.Emit(new PaymentOrdered(claim.Number, claim.PayableCentimes, c.Effective));
                break;
            case ClaimStatus.PaymentOrdered or ClaimStatus.Paid:
                decision.Refuse(Reason.PaymentAlreadyOrdered);
                break;
            case ClaimStatus.NothingPayable:
                decision.Refuse(Reason.NothingToPay);
                break;
            default:
                decision.Refuse(Reason.ClaimNotComplete);
                break;
        }
    }

    private static void Confirm(Claim claim, ConfirmPayment c, Decision decision)
    {
        if (claim.Status == ClaimStatus.PaymentOrdered)
            decision.Emit(new PaymentMade(claim.Number, claim.PayableCentimes, c.Effective));
        else
            decision.Refuse(claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
    }

    private static bool IsRightDesk(Category category, DepositClaim c)
    {
        if (!ReferenceData.HasDesk(c.Desk))
            return false;
        var network = ReferenceData.Desk(c.Desk).Network;

        // A provider sends its request for cover and its invoice to the fund itself (K2).
        return c.Way == ClaimWay.ThirdParty ? network == DeskNetwork.Fund : ClaimDesks.Accepts(category, network);
    }

    private static PaymentMethod MethodFor(Claim claim, CoverageAnswer answer, long payableCentimes) => payableCentimes == 0
        ? PaymentMethod.None
        : claim.Way == ClaimWay.ThirdParty || answer.HasBankAccount ? PaymentMethod.BankTransfer : PaymentMethod.PostalOrder;
}
