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

    private static string? OfMoney(ClaimFile expected, Claim actual)
    {
        (string Name, decimal Expected, long Actual)[] sums =
        [
            ("settled", expected.Settled, actual.SettledCentimes), ("in transit", expected.InTransit, actual.InTransitCentimes),
            ("owed back", expected.Overpaid, actual.OverpaidCentimes),
        ];
        var (name, dirhams, centimes) = sums.FirstOrDefault(sum => sum.Expected != sum.Actual / 100m);
        return name is null ? OfPayments(expected, actual) : $"expected {dirhams:0.00} {name}, got {centimes / 100m:0.00}";
    }

    /// <summary>Every payment by its number: the amount, the method, where it stands (K8, X6).</summary>
    private static string? OfPayments(ClaimFile expected, Claim actual)
    {
        var payments = Enumerable.Range(1, actual.Payments.Count).Select(number => (Number: number, Payment: actual.Payments[number]));
        var expectedText = string.Join(", ", expected.Payments.Select(one => $"{one.Number}: {one.Dirhams:0.00} {one.Method} {one.State}"));
        var actualText = string.Join(", ", payments.Select(one => $"{one.Number}: {one.Payment.AmountCentimes / 100m:0.00} {one.Payment.Method} {one.Payment.State}"));
        return expectedText == actualText ? null : $"expected payments [{expectedText}], got [{actualText}]";
    }
}
