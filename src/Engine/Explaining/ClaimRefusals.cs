using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The grounds on which a command to a claim was refused: the right desk, the claim's status and balance, the event
/// that came before it.
/// </summary>
internal static class ClaimRefusals
{
    public static IEnumerable<Explanation> Of(Refusal refusal)
    {
        var number = refusal.Header.Id.Reference;
        if (!StudentReading.IsForClaim(refusal.Header.Kind))
            return [];
        if (refusal.Before.FindClaim(number) is { } claim)
            return OfClaim(refusal, claim);
        return refusal.Reason switch
        {
            Reason.WrongClaimDesk => [Desk(refusal)],
            Reason.CareAfterDeposit =>
                [new Explanation(Keys.RefusalCareAfter, ("deposited", new On(refusal.Header.Effective))).Under("K3")],
            Reason.PatientNotStudent =>
                [new Explanation(Keys.RefusalPatient, ("student", Code.Of(refusal.Student.Id.Value))).Under("E4")],
            Reason.TooManyLines => [BoundsRefusals.Lines()],
            Reason.ClaimUnknown => Unknown(refusal, number),
            _ => [],
        };
    }

    /// <summary>
    /// D2, K6: the networks of the student's category; the way of a refused file is not in the journal, so that of a
    /// provider's file too.
    /// </summary>
    private static Explanation Desk(Refusal refusal)
    {
        var category = refusal.Student.Enrolment.Category;
        var networks = SnakeCase<DeskNetwork>.Values.Where(network =>
            network != DeskNetwork.None && ClaimDesks.Accepts(category, network));
        return new Explanation(
            Keys.RefusalClaimDesk, ("category", Name.Of("category", category)),
            ("networks", new Names([.. networks.Select(network => Name.Of("network", network))])),
            ("fund", Name.Of("network", DeskNetwork.Fund))).Under("D2");
    }

    private static IEnumerable<Explanation> Unknown(Refusal refusal, ulong number)
    {
        yield return new Explanation(
            Keys.RefusalNoClaim, ("claim", Code.Of(number)), ("known", new On(refusal.Header.Known))).Under("K6");
        foreach (var entry in refusal.Before.Of(number).Where(entry =>
            entry.Header is { Kind: CommandKind.DepositClaim, Outcome: Outcome.Refused }))
        {
            yield return new Explanation(
                Keys.ClaimCommandRefused, ("known", new On(entry.Header.Known)), ("claim", Code.Of(number)),
                ("kind", Name.Of("kind", entry.Header.Kind)),
                ("reason", Name.Of("reason", entry.Header.Reason))).Under(ReasonRules.RuleOf(entry.Header.Reason));
        }
    }

    private static IEnumerable<Explanation> OfClaim(Refusal refusal, Claim claim)
    {
        yield return Standing(refusal, claim);
        if (refusal.Reason == Reason.ClaimNotComplete && claim.Status == ClaimStatus.Returned)
            yield return new Explanation(Keys.WhyReturned, ("items", ClaimExplainer.Names(claim.Missing))).Under("K5");
        if (refusal.Reason == Reason.RecoveryTooHigh)
        {
            foreach (var payee in (Payee[])[Payee.Provider, Payee.Student])
            {
                if (claim.AccountOf(payee) is { OverpaidCentimes: > 0 } account)
                    yield return OwedBack(account).For(PaymentExplainer.Of(claim.Named(payee)));
            }
        }

        if (refusal.Reason == Reason.NothingToAppeal)
            yield return new Explanation(Keys.RefusalPaidInFull, ("lines", new Count(claim.Outcomes.Length, Unit.Line)))
                .Under("X5");
        if (Rest(refusal, claim.Number) is { } found)
            yield return found;
        else if (Looked(refusal.Reason) is { } missing)
            yield return new Explanation(missing, ("claim", Code.Of(claim.Number)));
    }

    /// <summary>Where the claim was when the command came.</summary>
    private static Explanation Standing(Refusal refusal, Claim claim) => new(
        claim.IsJudged ? Keys.ClaimSummary : Keys.ClaimSummaryNotPriced,
        [
            ("claim", Code.Of(claim.Number)), ("on", new On(claim.DepositedOn)),
            .. ClaimBalance.ArgumentsOf(refusal.Before, claim)
        ]);

    private static Explanation OwedBack(PayeeAccount account) =>
        new Explanation(
            Keys.RefusalOwedBack, ("amount", new Money(account.OverpaidCentimes)),
            ("formula", PaymentExplainer.Owed(account))).Under("X7");

    /// <summary>The last event of the claim that the reason speaks of.</summary>
    private static Explanation? Rest(Refusal refusal, ulong claim)
    {
        Func<ClaimEvent, bool>? speaksOf = refusal.Reason switch
        {
            Reason.ClaimAlreadyReceived => e => e is ClaimReceived,
            Reason.PaymentAlreadyOrdered =>
                e => e is PaymentOrdered or PaymentReissued or PaymentMade or PaymentSetOff or PaymentReturned,
            Reason.ClaimClosed or Reason.NoPaymentToReturn or Reason.NoPaymentReturned or Reason.PaymentNotOrdered =>
                e => e is PaymentMade or PaymentSetOff or PaymentReturned or PaymentReissued,
            Reason.AlreadyAppealed or Reason.NotAppealed => e => e is ClaimAppealed or AppealDecided,
            Reason.NothingToReopen => e => e is ClaimHeld or ClaimAppealed or AppealDecided,
            Reason.ClaimNotHeld => e => e is ClaimHeld or ClaimReleased,
            Reason.ClaimNotComplete => e => e is ClaimHeld,
            Reason.NothingToRecover => e => e is OverpaymentRaised or OverpaymentCancelled or OverpaymentRecovered,
            _ => null,
        };
        return speaksOf is not null
            && refusal.Before.Last<ClaimEvent>(e => e.Claim == claim && speaksOf(e)) is var (entry, found)
            ? ClaimExplainer.Of(refusal.Before, entry, found) with { Because = [] }
            : null;
    }

    /// <summary>What is said where the record has no such event.</summary>
    private static string? Looked(Reason reason) => reason switch
    {
        Reason.PaymentNotOrdered or Reason.NoPaymentToReturn or Reason.NoPaymentReturned => Keys.RefusalNoPayment,
        Reason.NotAppealed => Keys.RefusalNoAppeal,
        Reason.ClaimNotHeld => Keys.RefusalNeverHeld,
        Reason.NothingToRecover => Keys.RefusalNothingOwed,
        _ => null,
    };
}
