using Amoe.Engine.Domain.Claims;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>A claim of the engine, folded from its events, beside the model's.</summary>
internal static class ClaimComparison
{
    /// <summary>The difference, or null.</summary>
    public static string? Of(ClaimFile expected, Claim actual, IReadOnlyList<FileItems> returns)
    {
        if (!expected.Returns.SequenceEqual(returns))
            return $"expected returned for [{string.Join(" / ", expected.Returns)}], got [{string.Join(" / ", returns)}]";
        if (!expected.IsReceived)
            return actual.Outcomes.Length == 0 ? null : "it was not received and has an outcome";
        return OfLines(expected, actual.Outcomes, actual.PayableCentimes) ?? OfMoney(expected, actual);
    }

    /// <summary>Reasons and centimes line by line, what of them is the student's, and their sum.</summary>
    public static string? OfLines(ClaimFile expected, IReadOnlyList<LineOutcome> outcomes, long payableCentimes)
    {
        if (outcomes.Count != expected.Lines.Length)
            return $"expected {expected.Lines.Length} lines judged, got {outcomes.Count}";
        for (var i = 0; i < outcomes.Count; i++)
        {
            var line = expected.Lines[i];
            if (line.Reason != outcomes[i].Reason || line.Amount != outcomes[i].AmountCentimes / 100m)
                return $"line {i + 1} ({line.Act.Act}): expected {line.Amount:0.00} {line.Reason}, got {outcomes[i].AmountCentimes / 100m:0.00} {outcomes[i].Reason}";
            if (line.Refund != outcomes[i].RefundCentimes / 100m)
                return $"line {i + 1} ({line.Act.Act}): expected {line.Refund:0.00} of {line.Amount:0.00} for the student, got {outcomes[i].RefundCentimes / 100m:0.00}";
        }

        return expected.Payable == payableCentimes / 100m
            ? null
            : $"expected {expected.Payable:0.00} payable, got {payableCentimes / 100m:0.00}";
    }

    /// <summary>The account of each payee (K2, B11), then the payments.</summary>
    private static string? OfMoney(ClaimFile expected, Claim actual)
    {
        foreach (var account in expected.Accounts)
        {
            var theirs = actual.AccountOf(account.Payee == PaidTo.Student ? Payee.Student : Payee.Provider);
            (string Name, decimal Expected, long Actual)[] sums =
            [
                ("payable", account.Payable, theirs.PayableCentimes),
                ("settled", account.Settled, theirs.SettledCentimes),
                ("in transit", account.InTransit, theirs.InTransitCentimes),
                ("owed back", account.Overpaid, theirs.OverpaidCentimes),
            ];
            var (name, dirhams, centimes) = sums.FirstOrDefault(sum => sum.Expected != sum.Actual / 100m);
            if (name is not null)
                return $"expected {dirhams:0.00} {name} of the {account.Payee}, got {centimes / 100m:0.00}";
        }

        return OfPayments(expected, actual);
    }

    /// <summary>Every payment by its number: the payee, the amount, the method, its status (K8, X6).</summary>
    private static string? OfPayments(ClaimFile expected, Claim actual)
    {
        var payments = Enumerable.Range(1, actual.Payments.Count)
            .Select(number => (Number: number, Payment: actual.Payments[number]));
        var expectedText = string.Join(
            ", ",
            expected.Payments.Select(one =>
                $"{one.Number}: {one.Dirhams:0.00} {one.Account.Payee} {one.Method} {one.State}"));
        var actualText = string.Join(
            ", ",
            payments.Select(one =>
                $"{one.Number}: {one.Payment.AmountCentimes / 100m:0.00} {PayeeOf(actual, one.Payment)} {one.Payment.Method} {one.Payment.State}"));
        return expectedText == actualText ? null : $"expected payments [{expectedText}], got [{actualText}]";
    }

    private static Payee PayeeOf(Claim actual, in Engine.Domain.Claims.Payment payment) =>
        payment.Payee == Payee.None ? actual.OwnPayee : payment.Payee;
}
