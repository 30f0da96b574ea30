using Amoe.Engine.Domain.Claims;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>A claim of the engine, folded from its events, beside the model's.</summary>
internal static class ClaimComparison
{
    /// <summary>What differs, or null.</summary>
    public static string? Of(ClaimFile expected, Claim actual, IReadOnlyList<FileItems> returns)
    {
        if (!expected.Returns.SequenceEqual(returns))
            return $"expected returned for [{string.Join(" / ", expected.Returns)}], got [{string.Join(" / ", returns)}]";
        if (!expected.IsReceived)
            return actual.Outcomes.Length == 0 ? null : "it was not received and has an outcome";
        return OfLines(expected, actual.Outcomes, actual.PayableCentimes) ?? OfMoney(expected, actual);
    }

    /// <summary>Reasons and centimes line by line, and their sum.</summary>
    public static string? OfLines(ClaimFile expected, IReadOnlyList<LineOutcome> outcomes, long payableCentimes)
    {
        if (outcomes.Count != expected.Lines.Length)
            return $"expected {expected.Lines.Length} lines judged, got {outcomes.Count}";
        for (var i = 0; i < outcomes.Count; i++)
        {
            var line = expected.Lines[i];
            if (line.Reason != outcomes[i].Reason || line.Amount != outcomes[i].AmountCentimes / 100m)
                return $"line {i + 1} ({line.Act.Act}): expected {line.Amount:0.00} {line.Reason}, got {outcomes[i].AmountCentimes / 100m:0.00} {outcomes[i].Reason}";
        }

        return expected.Payable == payableCentimes / 100m ? null : $"expected {expected.Payable:0.00} payable, got {payableCentimes / 100m:0.00}";
    }

    /// <summary>The account of each payee (K2, B11), then the payments.</summary>
    private static string? OfMoney(ClaimFile expected, Claim actual)
    {
        foreach (var account in expected.Accounts)
        {
            var (payable, settled, inTransit, overpaid) = AccountOf(actual, account.Payee);
            (string Name, decimal Expected, long Actual)[] sums =
            [
                ("payable", account.Payable, payable), ("settled", account.Settled, settled), ("in transit", account.InTransit, inTransit), ("owed back", account.Overpaid, overpaid),
            ];
            var (name, dirhams, centimes) = sums.FirstOrDefault(sum => sum.Expected != sum.Actual / 100m);
            if (name is not null)
                return $"expected {dirhams:0.00} {name} of the {account.Payee}, got {centimes / 100m:0.00}";
        }

        return OfPayments(expected, actual);
    }

    /// <summary>In centimes what a payee's part of the lines comes to, what was settled with him, is in transit to him and he owes.</summary>
    private static (long Payable, long Settled, long InTransit, long Overpaid) AccountOf(Claim actual, PaidTo payee) => payee == OwnPayee(actual)
        ? (actual.PayableCentimes, actual.SettledCentimes, actual.InTransitCentimes, actual.OverpaidCentimes)
        : default;

    private static PaidTo OwnPayee(Claim actual) => actual.Way == ClaimWay.ThirdParty ? PaidTo.Provider : PaidTo.Student;

    /// <summary>Every payment by its number: to whom, the amount, the method, where it stands (K8, X6).</summary>
    private static string? OfPayments(ClaimFile expected, Claim actual)
    {
        var payments = Enumerable.Range(1, actual.Payments.Count).Select(number => (Number: number, Payment: actual.Payments[number], Payee: OwnPayee(actual)));
        var expectedText = string.Join(", ", expected.Payments.Select(one => $"{one.Number}: {one.Dirhams:0.00} {one.Account.Payee} {one.Method} {one.State}"));
        var actualText = string.Join(", ", payments.Select(one => $"{one.Number}: {one.Payment.AmountCentimes / 100m:0.00} {one.Payee} {one.Payment.Method} {one.Payment.State}"));
        return expectedText == actualText ? null : $"expected payments [{expectedText}], got [{actualText}]";
    }
}
