using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;

namespace Amoe.Engine.Replay;

/// <summary>
/// All that a report's figures are taken from. docs/report.md defines them and says what adds up to what.
/// </summary>
/// <param name="Totals">What students and claims did: folded from their events.</param>
/// <param name="Ledgers">What institutions, providers and payment runs have booked.</param>
/// <param name="NotYetBooked">What their ledgers have still to book.</param>
/// <param name="Open">What is open, read from the state.</param>
public sealed record Accounts(Totals Totals, PartyTotals Ledgers, NotYetBooked NotYetBooked, OpenItems Open)
{
    /// <summary>Where what happened and what is open do not come to the same.</summary>
    internal IEnumerable<string> Problems()
    {
        var (payments, open) = (Totals.Payments, Open);
        var pending = open.ApplicationsIn(ApplicationState.Declared) + open.ApplicationsIn(ApplicationState.Forwarded)
            + open.ApplicationsIn(ApplicationState.WithAnam);
        var undecided = open.ClaimsIn(ClaimStatus.Returned) + open.ClaimsIn(ClaimStatus.Deposited)
            + open.ClaimsIn(ClaimStatus.Received);
        (string Of, long Events, long State)[] pairs =
        [
            ("applications pending",
                Totals[Counter.Applications] - Totals[Counter.Accepted] - Totals[Counter.Refused]
                    - Totals[Counter.ApplicationsReplaced],
                pending),
            ("applications not forwarded", Totals[Counter.NotForwarded],
                open.ApplicationsIn(ApplicationState.Declared)),
            ("applications at desks",
                Totals[Counter.AtOnousc] + Totals[Counter.AtOfppt] + Totals[Counter.AtAnamPortal],
                open.ApplicationsIn(ApplicationState.Forwarded)),
            ("applications with ANAM", Totals[Counter.WithAnam], open.ApplicationsIn(ApplicationState.WithAnam)),
            ("requests for approval pending", Totals[Counter.ApprovalsPending], open.Approvals),
            ("claims held for review", Totals[Counter.ReviewsPending], open.ClaimsIn(ClaimStatus.HeldForReview)),
            ("claims held as duplicates", Totals[Counter.DuplicatesPending],
                open.ClaimsIn(ClaimStatus.HeldAsDuplicate)),
            ("rights in force",
                Totals[Counter.CarriedOver] + Totals[Counter.Accepted] - Totals[Counter.RightsReplaced]
                    - Totals[Counter.Lapsed],
                Totals[Counter.Active]),
            ("claims undecided", Totals[Counter.Claims] - Totals[Counter.ClaimsDecided], undecided),
            ("files with the student", Totals[Counter.ClaimReturns] - Totals[Counter.ClaimCompletions],
                open.ClaimsIn(ClaimStatus.Returned)),
            ("appeals pending",
                Totals[Counter.Appeals] - Totals[Counter.AppealsGranted] - Totals[Counter.AppealsRefused],
                open.Appeals),
            ("payments in transit", payments.InTransit, open.PaymentsInTransit),
            ("centimes of contributions held", Totals[Counter.ContributionHeldCentimes], open.HeldCentimes),
            ("centimes in transit", payments.InTransitCentimes, open.InTransitCentimes),
            ("centimes set off", Totals[Counter.SetOffCentimes], Totals.Overpayments.SetOffCentimes),
            ("centimes owed back by students", Totals.OverpaymentsOf(Payee.Student).OwedBackCentimes,
                open.OwedBackByStudentsCentimes),
            ("centimes owed back by providers", Totals.OverpaymentsOf(Payee.Provider).OwedBackCentimes,
                open.OwedBackByProvidersCentimes),
            ("centimes outstanding",
                Totals[Counter.PayableCentimes] - Totals.SpentCentimes + Totals.Overpayments.OwedBackCentimes,
                open.OutstandingCentimes),
        ];
        return pairs.Where(pair => pair.Events != pair.State)
            .Select(pair => $"{pair.Of}: {pair.Events} by the events, {pair.State} by the state");
    }
}
