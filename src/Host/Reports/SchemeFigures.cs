using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Replay;
using Amoe.Engine.Text;
using static Amoe.Host.Reports.Figure;

namespace Amoe.Host.Reports;

/// <summary>
/// The scheme's figures: one list for the reports of <c>simulate</c> and <c>verify</c> and for their JSON.
/// <c>docs/report.md</c> defines each word and says what adds up to what.
/// </summary>
internal sealed class SchemeFigures(Accounts accounts)
{
    private readonly Totals _totals = accounts.Totals;
    private readonly OpenItems _open = accounts.Open;

    /// <summary>Backlogs and students in force by day.</summary>
    public DayTable Days { get; } = new(accounts.Totals);

    public Months Months { get; } = new(accounts.Totals);

    public MonthBreakdowns ByMonth { get; } = new(accounts.Totals);

    public Section Rates => new Rates(
        Days.CoveredStudentDays, Count(Counter.Claims), Count(Counter.ClaimsDecided), Count(Counter.ClaimedCentimes),
        Count(Counter.PayableCentimes), _totals.SpentCentimes, _totals.Payments.Confirmed,
        Count(Counter.PaymentDays)).Section;

    public Section Declarations => new("Declarations (D1)",
    [
        new("declarations", "recorded", Count(Counter.Declarations)),
        new("declared_again", "of these for a year already on record", Count(Counter.DeclaredAgain), 2),
        new("further_enrolments", "of these at another institution", Count(Counter.FurtherEnrolments), 4),
    ]);

    public Section Applications => new("Applications (D3, D7)",
    [
        new("applications", "received", Count(Counter.Applications)),
        new(
            "applications_declared", "by a declaration without coverage",
            _totals.DeclarationsWith(CoverageKind.None) - Count(Counter.FurtherEnrolments), 2),
        new("applications_resent", "re-sent by the university", Count(Counter.Resent), 2),
        new("applications_accepted", "accepted", Count(Counter.Accepted)),
        new("applications_refused", "refused", Count(Counter.Refused)),
        new("applications_replaced", "replaced by a later declaration", Count(Counter.ApplicationsReplaced)),
        new("applications_pending", "pending", PendingStates.Sum(_open.ApplicationsIn)),
        new(
            "pending_not_forwarded", "not forwarded by the institution",
            _open.ApplicationsIn(ApplicationState.Declared), 2),
        new("pending_at_desk", "at the desk", _open.ApplicationsIn(ApplicationState.Forwarded), 2),
        new("pending_with_anam", "with ANAM", _open.ApplicationsIn(ApplicationState.WithAnam), 2),
    ]);

    public Section Rights => new("Rights (D4, D8)",
    [
        new("carried_over", "carried over from last year", Count(Counter.CarriedOver)),
        new(null, "opened by an acceptance", Count(Counter.Accepted)),
        new("rights_replaced", "replaced by the new year's", Count(Counter.RightsReplaced)) { IsSubtracted = true },
        new("rights_lapsed", "lapsed", Count(Counter.Lapsed)) { IsSubtracted = true },
        new("active", "in force at the end", Count(Counter.Active)),
        new("suspended", "of these suspended", Count(Counter.Suspended), 2),
        new("active_peak", "in force at the peak", _totals.ActivePeak),
    ]);

    public Section Contributions => new("Contributions (C3)",
    [
        Money("contributions_paid", "paid to institutions", Count(Counter.ContributionPaidCentimes)),
        Money("contributions_received", "received by the fund", Count(Counter.ContributionReceivedCentimes), 2),
        Money(
            "contributions_in_hand", "in the institutions' hands",
            Count(Counter.ContributionPaidCentimes) - Count(Counter.ContributionReceivedCentimes), 2),
        Money("contributions_held", "held, not expected (C5)", Count(Counter.ContributionHeldCentimes)),
    ]);

    public Section Files => new("Files brought to a desk (K6)",
    [
        new("files_brought", "brought", Count(Counter.FilesBroughtFirst) + Count(Counter.FilesBroughtAgain)),
        new("files_brought_again", "of these again, after a refusal", Count(Counter.FilesBroughtAgain), 2),
        new("files_refused", "refused", Enum.GetValues<Reason>().Sum(_totals.FilesRefusedFor)),
        new(null, "deposited", Count(Counter.Claims)),
    ]);

    public Section Claims => new("Claims",
    [
        new("claims", "deposited", Count(Counter.Claims)),
        new("claims_with_student", "sent back and not completed (K5)", _open.ClaimsIn(ClaimStatus.Returned)),
        new(
            "claims_not_received", "on the way to the fund",
            _open.ClaimsIn(ClaimStatus.Deposited) + _open.ClaimsIn(ClaimStatus.Received)),
        new("claims_decided", "decided", Count(Counter.ClaimsDecided)),
        new("claims_accepted", "accepted", Count(Counter.ClaimsAccepted), 2),
        new("claims_partly_accepted", "partly accepted", Count(Counter.ClaimsPartlyAccepted), 2),
        new("claims_refused", "refused", Count(Counter.ClaimsRefused), 2),
        new("revisions", "decided differently later", Count(Counter.Revisions)),
        new(
            "refunds_ordered", "refunds ordered for students of third-party claims (B11)",
            Count(Counter.RefundsOrdered)),
    ]);

    /// <summary>Claims sent back, held and appealed: their causes, numbers and results.</summary>
    public Section Questions => new("Files sent back, holds, appeals",
    [
        new("claim_returns", "sent back for missing items (K5)", Count(Counter.ClaimReturns)),
        new("claim_completions", "completed", Count(Counter.ClaimCompletions), 2),
        new(null, "not completed", _open.ClaimsIn(ClaimStatus.Returned), 2),
        new("holds", "held", Holds),
        new("held_for_review", "for a physician (X4)", Count(Counter.HeldForReview), 2),
        new("held_as_duplicates", "as possible duplicates (X1)", Count(Counter.HeldAsDuplicates), 2),
        new("holds_decided", "of the held, decided", Count(Counter.HoldsDecided)),
        new("holds_lifted", "of the held, lifted by an appeal", Holds - Count(Counter.HoldsDecided) - HoldsPending),
        new("holds_pending", "of the held, not decided", HoldsPending),
        new("appeals", "appealed (X5)", Count(Counter.Appeals)),
        new("appeals_granted", "granted", Count(Counter.AppealsGranted), 2),
        new("appeals_refused", "refused", Count(Counter.AppealsRefused), 2),
        new("appeals_pending", "pending", _open.Appeals, 2),
    ]);

    public Section Lines => new("Lines decided",
    [
        new("lines", "decided", Count(Counter.Lines)),
        new("lines_accepted", "accepted as claimed", _totals.LinesRefusedFor(Reason.None), 2),
        new("lines_cut", "refused or cut", Count(Counter.Lines) - _totals.LinesRefusedFor(Reason.None), 2),
    ]);

    public Section Expenditure => new("Expenditure",
    [
        Money("claimed", "claimed", Count(Counter.ClaimedCentimes)),
        Less("borne_by_patients", "borne by patients (K2, B11)", _totals.ShareCentimes),
        Money("payable", "payable", Count(Counter.PayableCentimes)),
        Money(
            "refunds", "of this to students who bore a share of a third-party bill (B11)",
            Count(Counter.RefundCentimes)) with { Indent = 2 },
        Less("due", "due, not ordered", _open.DueCentimes),
        Less("in_transit", "in transit", _open.InTransitCentimes),
        Money("in_transit_not_due", "of this no longer due", _open.InTransitNotDueCentimes),
        Money(
            "owed_back", "paid, not due and owed back",
            _open.OwedBackByStudentsCentimes + _open.OwedBackByProvidersCentimes),
        Money("spent", "spent", _totals.SpentCentimes),
        Money("paid", "paid", _totals.Payments.PaidCentimes, 2),
        Less("repaid", "repaid (X7)", _totals.Overpayments.RepaidCentimes) with { Indent = 2 },
    ]);

    public Section Parties => new("Ledgers",
    [
        new("institutions", "institutions", accounts.Ledgers.Institutions),
        new("payment_runs", "payment runs", accounts.Ledgers.PaymentRuns),
        new("providers", "providers", accounts.Ledgers.Providers),
        Money("providers_set_off", "kept back from providers (X7)", accounts.Ledgers.SetOffCentimes),
        Money(
            "providers_set_off_pending", "the same, not yet booked by the claims",
            accounts.Ledgers.SetOffInTransitCentimes),
    ]);

    public FigureTable Payments => PaymentTables.Payments(_totals);

    public FigureTable Overpayments => PaymentTables.Overpayments(_totals);

    public FigureTable Ledgers => PaymentTables.Ledgers(accounts);

    public Breakdown OpenClaims => new("open_claims_by_status", "Open claims: number and outstanding dirhams",
    [
        .. Enum.GetValues<ClaimStatus>().Where(status => _open.ClaimsIn(status) != 0)
            .Select(status =>
                new BreakdownRow(
                    SnakeCase<ClaimStatus>.NameOf(status), "", _open.ClaimsIn(status),
                    _open.OutstandingCentimesIn(status))),
    ]);

    /// <summary>Open claims by the days since their deposit.</summary>
    public FigureTable OpenClaimsByAge => new("open_claims_by_age", "Open claims by days since deposit",
    [
        new("up_to_30", "up to 30"), new("31_to_60", "31 to 60"), new("61_to_90", "61 to 90"),
        new("91_to_180", "91 to 180"), new("more_than_180", "over 180"), new("all", "all"),
    ],
    [
        .. SnakeCase<ClaimStatus>.Values.Select(status => OpenClaimsOf(status, SnakeCase<ClaimStatus>.NameOf(status))),
    ]);

    private TableRow OpenClaimsOf(ClaimStatus status, string name) => new(
        name, Format.Words(name), IsMoney: false,
        [.. Enum.GetValues<ClaimAge>().Select(age => _open.ClaimsOf(status, age)), _open.ClaimsIn(status)]);

    private static ApplicationState[] PendingStates =>
        [ApplicationState.Declared, ApplicationState.Forwarded, ApplicationState.WithAnam];

    private long Holds => Count(Counter.HeldForReview) + Count(Counter.HeldAsDuplicates);

    private long HoldsPending =>
        _open.ClaimsIn(ClaimStatus.HeldForReview) + _open.ClaimsIn(ClaimStatus.HeldAsDuplicate);

    /// <summary>The titles and names of the tables below the sections.</summary>
    public IEnumerable<string> Names =>
        [Payments.Title, Overpayments.Title, MonthBreakdowns.MissedTitle, .. Days.Names];

    /// <summary>All that are in sections, in the order of JSON.</summary>
    public IReadOnlyList<Section> Sections =>
    [
        Declarations, Applications, Rights, Contributions, Files, Claims, Questions, Lines, Expenditure, Rates, Parties,
    ];

    public void Write(Utf8JsonWriter json)
    {
        foreach (var section in Sections)
            section.Write(json);
        json.WriteNumber("open_claims", _open.Claims);
        json.WriteNumber("outstanding_centimes", _open.OutstandingCentimes);
        json.WriteNumber("approvals_pending", _open.Approvals);
        foreach (var table in (FigureTable[])[Payments, Overpayments, Ledgers, OpenClaimsByAge])
            table.Write(json);
        Months.Write(json);
        ByMonth.Write(json);
        Days.Write(json);
        JsonLine.Write(json, [.. Breakdown.Of(_totals), OpenClaims]);
    }

    private long Count(Counter counter) => _totals[counter];
}
