using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Host.Reports;

/// <summary>A total taken apart: the same rows for the report and for JSON.</summary>
/// <param name="Name">In snake_case.</param>
internal sealed record Breakdown(string Name, string Title, IReadOnlyList<BreakdownRow> Rows)
{
    /// <summary>
    /// Every total that is kept by kind; what never happened has no row, nor a breakdown without rows a place.
    /// </summary>
    public static IReadOnlyList<Breakdown> Of(Totals totals) =>
    [
        By<Category>("declarations_by_category", "Declarations by category", totals.DeclarationsOf),
        By<CoverageKind>(
            "declarations_by_coverage", "Declarations by other coverage", totals.DeclarationsWith,
            with: CoverageKind.None),
        By<Category>("applications_accepted_by_category", "Applications accepted, by category", totals.AcceptedOf),
        ByReason("applications_refused_by_reason", "Applications refused, by reason", totals.ApplicationsRefusedFor),
        By<SuspensionCause>("suspensions_by_cause", "Suspensions begun, by cause", totals.SuspensionsFor),
        new("claims_by_way", "Claims by way",
        [
            new("reimbursement", "", totals[Counter.Claims] - totals[Counter.ThirdPartyClaims]),
            new("third_party", "", totals[Counter.ThirdPartyClaims]),
        ]),
        By<Category>(
            "claims_by_category", "Claims by category: number and payable dirhams", totals.ClaimsOf,
            totals.PayableCentimesOf),
        ByReason("files_refused_by_reason", "Files refused, by reason", totals.FilesRefusedFor),
        ByReason("lines_refused_by_reason", "Lines refused or cut, by reason", totals.LinesRefusedFor),
        By<Act>("care", "Care: lines and payable dirhams", totals.LinesOf, totals.CentimesFor),
        new("clocks_missed", "Took longer than allowed (X3)",
        [
            .. Enum.GetValues<Clock>()
                .Where(clock => totals.ClocksMeasured(clock) != 0 || totals.ClocksMissed(clock) != 0)
                .Select(clock =>
                    new BreakdownRow(SnakeCase<Clock>.NameOf(clock), "", totals.ClocksMissed(clock))
                    {
                        Of = totals.ClocksMeasured(clock),
                    }),
        ]),
        new("payments_by_days", "Payments confirmed, by days from deposit",
        [
            .. Enum.GetValues<PaymentTime>().Where(time => totals.PaymentsWithin(time) != 0)
                .Select(time => new BreakdownRow(NameOf(time), "", totals.PaymentsWithin(time))),
        ]),
        ByReason("commands_refused_by_reason", "Commands refused, by reason", totals.CommandsRefusedFor),
    ];

    private static string NameOf(PaymentTime time) => time switch
    {
        PaymentTime.UpTo15Days => "up_to_15",
        PaymentTime.UpTo30Days => "16_to_30",
        PaymentTime.UpTo60Days => "31_to_60",
        PaymentTime.UpTo90Days => "61_to_90",
        _ => "more_than_90",
    };

    private static Breakdown ByReason(string name, string title, Func<Reason, long> count) =>
        new(name, title, [.. Enum.GetValues<Reason>()
            .Where(reason => reason != Reason.None && count(reason) != 0)
            .Select(reason =>
                new BreakdownRow(SnakeCase<Reason>.NameOf(reason), ReasonRules.RuleOf(reason), count(reason)))
            .OrderByDescending(row => row.Count)]);

    private static Breakdown By<T>(
        string name, string title, Func<T, long> count, Func<T, long>? centimes = null, T? with = null)
        where T : struct, Enum =>
        new(name, title, [.. Enum.GetValues<T>()
            .Where(value =>
                count(value) != 0
                || (centimes?.Invoke(value) ?? 0) != 0
                || EqualityComparer<T?>.Default.Equals(value, with))
            .Select(value => new BreakdownRow(SnakeCase<T>.NameOf(value), "", count(value), centimes?.Invoke(value)))]);
}

/// <param name="Name">In snake_case.</param>
/// <param name="Rule">The rule of the scheme a reason rests on, or empty.</param>
internal sealed record BreakdownRow(string Name, string Rule, long Count, long? Centimes = null)
{
    /// <summary>How many there could have been; null where that is the total.</summary>
    public long? Of { get; init; }

    public string Text => Of is { } of
        ? $"{Format.Count(Count)} of {Format.Count(of)}{Format.Share(Count, of).PadLeft(9)}"
        : Format.Count(Count) + (Centimes is { } centimes ? Format.Amount(centimes).PadLeft(15) : "");
}
