using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Figures;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>The engine's counters beside the sums over everything the model has.</summary>
internal static class TotalsComparison
{
    public static IEnumerable<string> Of(IReadOnlyList<SchemeModel> models, Totals totals)
    {
        var sums = models.Select(model => model.Sums).ToList();
        var people = models.SelectMany(model => model.People).ToList();
        var claims = people.SelectMany(person => person.Claims.Values).ToList();
        var lines = claims.Where(claim => claim.IsReceived).SelectMany(claim => claim.Lines).ToList();
        var (payments, providers) = (totals.Payments, totals.PaymentsBy(PaymentChannel.ProviderTransfers));
        (string Name, decimal Expected, decimal Actual)[] rows =
        [
            ("commands", sums.Sum(s => s.Commands), totals[Counter.Commands]),
            ("registrations carried over", sums.Sum(s => s.CarriedOver), totals[Counter.CarriedOver]),
            ("declarations", sums.Sum(s => s.Declarations), totals[Counter.Declarations]),
            ("applications", sums.Sum(s => s.Applications), totals[Counter.Applications]),
            ("registrations re-sent", sums.Sum(s => s.Resent), totals[Counter.Resent]),
            ("applications accepted", sums.Sum(s => s.Accepted), totals[Counter.Accepted]),
            ("applications refused", sums.Sum(s => s.ApplicationsRefused), totals[Counter.Refused]),
            ("contributions paid", sums.Sum(s => s.ContributionsPaid),
                Dirhams(totals, Counter.ContributionPaidCentimes)),
            ("contributions received", people.Sum(Received), Dirhams(totals, Counter.ContributionReceivedCentimes)),
            ("contributions held",
                models.Sum(model => model.People.Sum(person => Contributions.Held(person, model.Scheme))),
                Dirhams(totals, Counter.ContributionHeldCentimes)),
            ("claims", sums.Sum(s => s.Claims), totals[Counter.Claims]),
            ("third-party claims", sums.Sum(s => s.ThirdPartyClaims), totals[Counter.ThirdPartyClaims]),
            ("files returned", sums.Sum(s => s.ClaimReturns), totals[Counter.ClaimReturns]),
            ("lines judged", sums.Sum(s => s.Lines), totals[Counter.Lines]),
            ("claimed", sums.Sum(s => s.Claimed), Dirhams(totals, Counter.ClaimedCentimes)),
            ("payable", claims.Sum(claim => claim.Payable), Dirhams(totals, Counter.PayableCentimes)),
            ("ordered", sums.Sum(s => s.Ordered), payments.OrderedCentimes / 100m),
            ("confirmed", sums.Sum(s => s.Confirmed), payments.ConfirmedCentimes / 100m),
            ("confirmed to students", sums.Sum(s => s.ToStudents),
                (payments.ConfirmedCentimes - providers.ConfirmedCentimes) / 100m),
            ("confirmed to providers", sums.Sum(s => s.ToProviders), providers.ConfirmedCentimes / 100m),
            ("confirmed postal orders", sums.Sum(s => s.ByPostalOrder),
                totals.PaymentsBy(PaymentChannel.StudentPostalOrders).ConfirmedCentimes / 100m),
            ("held as duplicates", claims.Count(claim => claim.WasAskedOfDuplicates), totals[Counter.HeldAsDuplicates]),
            ("held for review", sums.Sum(s => s.Reviews), totals[Counter.HeldForReview]),
            ("appeals", claims.Count(claim => claim.WasAppealed), totals[Counter.Appeals]),
            ("payments undelivered or come back", sums.Sum(s => s.Returns), payments.Returned + payments.CameBack),
            ("came back", sums.Sum(s => s.Returned), payments.CameBackCentimes / 100m),
            ("set off", sums.Sum(s => s.SetOff), Dirhams(totals, Counter.SetOffCentimes)),
            ("repaid", sums.Sum(s => s.Recovered), totals.Overpayments.RepaidCentimes / 100m),
            ("owed back by students", Owed(claims, PaidTo.Student),
                totals.OverpaymentsOf(Payee.Student).OwedBackCentimes / 100m),
            ("owed back by providers", Owed(claims, PaidTo.Provider),
                totals.OverpaymentsOf(Payee.Provider).OwedBackCentimes / 100m),
            ("refunds", lines.Sum(line => line.Refund), Dirhams(totals, Counter.RefundCentimes)),
            .. Enum.GetValues<Act>().Select(act => (
                $"lines of {act}", (decimal)lines.Count(line => line.Act.Act == act), (decimal)totals.LinesOf(act))),
            .. Enum.GetValues<Act>().Select(act => (
                $"payable for {act}", lines.Where(line => line.Act.Act == act).Sum(line => line.Amount),
                totals.CentimesFor(act) / 100m)),
            .. Enum.GetValues<Reason>().Except([Reason.None]).Select(reason => (
                $"lines with {reason}", (decimal)lines.Count(line => line.Reason == reason),
                (decimal)totals.LinesRefusedFor(reason))),
            .. Enum.GetValues<Reason>().Select(reason => (
                $"commands refused for {reason}", (decimal)sums.Sum(s => s.Refused.GetValueOrDefault(reason)),
                (decimal)totals.CommandsRefusedFor(reason))),
        ];
        return rows.Where(row => row.Expected != row.Actual)
            .Select(row => $"{row.Name}: expected {row.Expected}, got {row.Actual}");
    }

    private static decimal Owed(List<ClaimFile> claims, PaidTo payee) =>
        claims.Sum(claim => claim.AccountOf(payee)?.Overpaid ?? 0);

    private static decimal Received(Person person) => person.Accounts.Values.Sum(account => account.Received);

    private static decimal Dirhams(Totals totals, Counter counter) => totals[counter] / 100m;
}
