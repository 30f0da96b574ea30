namespace Amoe.Host.Tests.Figures;

/// <summary>
/// The identities between figures in the JSON of <c>simulate</c> and <c>verify</c>, as in <c>docs/report.md</c>. A term
/// is a figure's path, <c>[row]</c> a row of a table by its name, and <c>sum(…)</c> the sum over a table's rows, of
/// their counts unless it says otherwise. <c>last(…)</c>, <c>max(…)</c> and <c>total(…)</c> are of a figure by day, and
/// <c>ratio(a,b,c)</c> is a times c, by b, rounded.
/// </summary>
internal static class Identities
{
    /// <summary>
    /// Money that is taken back is posted below zero, and a debt's ledger is a balance; an institution may transfer
    /// what no student was recorded to pay; z is a distance. A month may take back what an earlier one decided and
    /// paid.
    /// </summary>
    public static readonly string[] MayBeNegative =
    [
        "contributions_in_hand_centimes", "ledgers.not_yet_booked.institutions_transferred_centimes",
        "ledgers.not_yet_booked.providers_owed_back_centimes",
        "ledgers.booked.providers_owed_back_centimes", "marginals.z",
        "months.payable_centimes", "months.spent_centimes", "months.average_claim_centimes",
        "months.cost_per_student_centimes", "months.patients_share_per_mille",
        "by_month.payable_by_care.centimes", "by_month.payable_by_category.centimes",
        "by_month.lines_refused_by_reason.count",
    ];

    /// <summary>
    /// Of each table by month: the breakdown whose rows are the sums over the months, and the figure of
    /// <c>months</c> that the rows of each month come to, where there is one.
    /// </summary>
    public static readonly (string Table, string Breakdown, string? Month)[] ByMonth =
    [
        ("declarations_by_category", "declarations_by_category", "declarations"),
        ("declarations_by_coverage", "declarations_by_coverage", "declarations"),
        ("applications_accepted_by_category", "applications_accepted_by_category", "applications_accepted"),
        ("applications_refused_by_reason", "applications_refused_by_reason", null),
        ("suspensions_by_cause", "suspensions_by_cause", null),
        ("claims_by_way", "claims_by_way", "claims"),
        ("claims_by_category", "claims_by_category", "claims"),
        ("payable_by_category", "claims_by_category", "payable_centimes"),
        ("files_refused_by_reason", "files_refused_by_reason", null),
        ("lines_refused_by_reason", "lines_refused_by_reason", null),
        ("lines_by_care", "care", null),
        ("payable_by_care", "care", "payable_centimes"),
        ("clocks_missed", "clocks_missed", null),
        ("payments_by_days", "payments_by_days", "payments_confirmed"),
        ("commands_refused_by_reason", "commands_refused_by_reason", null),
    ];

    /// <summary>Of the JSON of <c>simulate</c> alone, where this process decided: the run over time.</summary>
    public static readonly string[] Run =
    [
        "commands_this_run = sum(pace.commands)",
        "events_this_run = sum(pace.events)",
    ];

    private static readonly string[] Students =
    [
        "declarations = sum(declarations_by_category)",
        "declarations = sum(declarations_by_coverage)",
        "declarations >= declared_again",
        "applications = applications_declared + applications_resent",
        "declared_again >= further_enrolments",
        "applications_declared = declarations_by_coverage[none].count - further_enrolments",
        "applications = applications_accepted + applications_refused + applications_replaced + applications_pending",
        "applications_accepted = sum(applications_accepted_by_category)",
        "applications_refused = sum(applications_refused_by_reason)",
        "applications_pending = pending_not_forwarded + pending_at_desk + pending_with_anam",
        "active = carried_over + applications_accepted - rights_replaced - rights_lapsed",
        "active >= suspended",
        "contributions_paid_centimes = contributions_received_centimes + contributions_in_hand_centimes",
        "commands_refused = sum(commands_refused_by_reason)",
        "commands >= commands_refused",
    ];

    private static readonly string[] Claims =
    [
        "files_brought = files_refused + claims",
        "files_brought >= files_brought_again",
        "files_refused = sum(files_refused_by_reason)",
        "claims = sum(claims_by_way)",
        "claims = sum(claims_by_category)",
        "claims = claims_with_student + claims_not_received + claims_decided",
        "claims_decided = claims_accepted + claims_partly_accepted + claims_refused",
        "claim_returns = claim_completions + claims_with_student",
        "holds = held_for_review + held_as_duplicates",
        "holds = holds_decided + holds_lifted + holds_pending",
        "appeals = appeals_granted + appeals_refused + appeals_pending",
        "open_claims = sum(open_claims_by_status)",
        "claims_with_student = open_claims_by_status[returned].count",
        "claims_not_received = open_claims_by_status[deposited].count + open_claims_by_status[received].count",
        "holds_pending = open_claims_by_status[held_for_review].count + open_claims_by_status[held_as_duplicate].count",
        "lines = lines_accepted + lines_cut",
        "lines = sum(care)",
        "lines_cut = sum(lines_refused_by_reason)",
    ];

    private static readonly string[] Money =
    [
        "claimed_centimes = payable_centimes + borne_by_patients_centimes",
        "payable_centimes = sum(care.centimes)",
        "payable_centimes = sum(claims_by_category.centimes)",
        "payable_centimes = spent_centimes + due_centimes + in_transit_centimes - in_transit_not_due_centimes - owed_back_centimes",
        "spent_centimes = paid_centimes - repaid_centimes",
        "paid_centimes = payments.all.paid_centimes",
        "repaid_centimes = overpayments.all.repaid_centimes",
        "in_transit_centimes = payments.all.in_transit_centimes",
        "owed_back_centimes = overpayments.all.owed_back_centimes",
        "outstanding_centimes = due_centimes + in_transit_centimes - in_transit_not_due_centimes",
        "outstanding_centimes = sum(open_claims_by_status.centimes)",
        .. Each(["student_transfers", "student_postal_orders", "provider_transfers", "all"], of =>
        [
            $"payments.{of}.ordered = payments.{of}.undelivered + payments.{of}.in_transit + payments.{of}.confirmed",
            $"payments.{of}.ordered_centimes = payments.{of}.undelivered_centimes + payments.{of}.in_transit_centimes + payments.{of}.confirmed_centimes",
            $"payments.{of}.confirmed = payments.{of}.came_back + payments.{of}.paid",
            $"payments.{of}.confirmed_centimes = payments.{of}.came_back_centimes + payments.{of}.paid_centimes",
        ]),
        .. Each(
            ["ordered", "ordered_centimes", "undelivered", "undelivered_centimes", "in_transit", "in_transit_centimes", "confirmed", "confirmed_centimes",
            "came_back", "came_back_centimes", "paid", "paid_centimes"], row =>
        [
            $"payments.all.{row} = payments.student_transfers.{row} + payments.student_postal_orders.{row} + payments.provider_transfers.{row}",
        ]),
        .. Each(["students", "providers", "all"], of =>
        [
            $"overpayments.{of}.overpaid_centimes = overpayments.{of}.set_off_centimes + overpayments.{of}.repaid_centimes + overpayments.{of}.made_good_centimes "
                + $"+ overpayments.{of}.owed_back_centimes",
        ]),
        .. Each([
            "raised", "overpaid_centimes", "set_off_centimes", "repaid_centimes", "made_good_centimes",
            "owed_back_centimes"
        ], row =>
        [
            $"overpayments.all.{row} = overpayments.students.{row} + overpayments.providers.{row}",
        ]),
    ];

    private static readonly string[] Rates =
    [
        "covered_student_days = total(days.active)",
        "claims_per_1000_students = ratio(claims,covered_student_days,365000)",
        "average_claim_centimes = ratio(payable_centimes,claims_decided,1)",
        "patients_share_per_mille = ratio(borne_by_patients_centimes,claimed_centimes,1000)",
        "cost_per_student_centimes = ratio(spent_centimes,covered_student_days,365)",
        "ratio(days_to_payment,1,10) = ratio(payment_days,payments.all.confirmed,10)",
        "payments.all.confirmed = sum(payments_by_days)",
        "claims_by_way[third_party].count = clocks_missed[third_party_bill].of",
        "payments.provider_transfers.confirmed >= clocks_missed[provider_payment].of",
        .. Each(["approval_answer", "third_party_bill", "provider_payment", "contribution_transfer"], clock =>
        [
            $"clocks_missed[{clock}].of >= clocks_missed[{clock}].count",
        ]),
    ];

    /// <summary>What waits and is in force, by day from the events, and at the end from the state.</summary>
    private static readonly string[] Days =
    [
        "active = last(days.active)",
        "active_peak = max(days.active)",
        "suspended = last(days.suspended)",
        "applications_pending = last(days.pending_not_forwarded) + last(days.pending_at_onousc) + last(days.pending_at_ofppt) + last(days.pending_at_anam_portal) + last(days.pending_with_anam)",
        "pending_not_forwarded = last(days.pending_not_forwarded)",
        "pending_with_anam = last(days.pending_with_anam)",
        "approvals_pending = last(days.approvals_pending)",
        "holds_pending = last(days.reviews_pending) + last(days.duplicates_pending)",
        "open_claims_by_status[held_for_review].count = last(days.reviews_pending)",
        "appeals_pending = last(days.appeals_pending)",
        "claims_with_student = last(days.claims_with_student)",
        "claims_not_received = last(days.claims_not_received)",
        .. Each(
            ["deposited", "returned", "received", "payable", "nothing_payable", "payment_ordered", "paid",
            "held_for_review", "held_as_duplicate", "payment_returned"], status =>
        [
            $"open_claims_by_status[{status}].count = open_claims_by_age.all.{status}",
            $"open_claims_by_age.all.{status} = open_claims_by_age.up_to_30.{status} + open_claims_by_age.31_to_60.{status} "
                + $"+ open_claims_by_age.61_to_90.{status} + open_claims_by_age.91_to_180.{status} + open_claims_by_age.more_than_180.{status}",
        ]),
        .. Each(
            ["declarations", "applications", "applications_accepted", "files_brought", "claims", "claims_decided",
            "claimed_centimes", "payable_centimes", "spent_centimes", "covered_student_days", "payment_days"], figure =>
        [
            $"{figure} = sum(months.{figure})",
        ]),
        "payments.all.confirmed = sum(months.payments_confirmed)",
    ];

    private static readonly string[] Ledgers =
    [
        "ledgers.posted.institutions_collected_centimes = contributions_paid_centimes",
        "ledgers.posted.institutions_transferred_centimes = contributions_received_centimes",
        "ledgers.posted.providers_owed_back_centimes = overpayments.providers.owed_back_centimes",
        "overpayments.providers.repaid_centimes >= providers_set_off_centimes",
        .. Each(["ordered", "undelivered", "confirmed", "came_back"], kind =>
        [
            $"ledgers.posted.transfers_{kind}_centimes = payments.student_transfers.{kind}_centimes + payments.provider_transfers.{kind}_centimes",
            $"ledgers.posted.postal_orders_{kind}_centimes = payments.student_postal_orders.{kind}_centimes",
            $"ledgers.posted.providers_{kind}_centimes = payments.provider_transfers.{kind}_centimes",
        ]),
        .. Each(
            ["institutions_collected", "institutions_transferred", "transfers_ordered", "transfers_undelivered", "transfers_confirmed", "transfers_came_back",
            "postal_orders_ordered", "postal_orders_undelivered", "postal_orders_confirmed", "postal_orders_came_back",
            "providers_ordered", "providers_undelivered", "providers_confirmed", "providers_came_back",
            "providers_owed_back"], row =>
        [
            $"ledgers.posted.{row}_centimes = ledgers.booked.{row}_centimes + ledgers.not_yet_booked.{row}_centimes",
        ]),
    ];

    public static readonly string[] All = [.. Students, .. Claims, .. Money, .. Rates, .. Days, .. Ledgers];

    private static IEnumerable<string> Each(string[] names, Func<string, string[]> identities) =>
        names.SelectMany(identities);
}
