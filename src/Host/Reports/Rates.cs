using System.Text.Json;
using static Amoe.Host.Reports.Figure;

namespace Amoe.Host.Reports;

/// <summary>
/// Rates of a year or a month, and what they are worked out of. A rate of students is for a student covered for a year.
/// </summary>
/// <param name="CoveredStudentDays">The students in force at the close of each day, summed over the days.</param>
/// <param name="PaymentDays">The days from deposit to payment, over all payments confirmed.</param>
internal sealed record Rates(
    long CoveredStudentDays, long Claims, long ClaimsDecided, long ClaimedCentimes, long PayableCentimes,
    long SpentCentimes, long PaymentsConfirmed, long PaymentDays)
{
    public long ClaimsPerThousand => Ratio.Of(Claims, CoveredStudentDays, 1000 * Ratio.YearDays);

    public long AverageClaimCentimes => Ratio.Of(PayableCentimes, ClaimsDecided);

    public long PatientsSharePerMille => Ratio.Of(ClaimedCentimes - PayableCentimes, ClaimedCentimes, 1000);

    public long CostPerStudentCentimes => Ratio.Of(SpentCentimes, CoveredStudentDays, Ratio.YearDays);

    /// <summary>In tenths.</summary>
    public long DaysToPayment => Ratio.Of(PaymentDays, PaymentsConfirmed, 10);

    public Section Section => new("Rates",
    [
        new("covered_student_days", "days of students in force", CoveredStudentDays),
        new("claims_per_1000_students", "claims a year of 1,000 students", ClaimsPerThousand),
        Money("average_claim", "payable of a decided claim", AverageClaimCentimes),
        new("patients_share_per_mille", "borne by patients, of what is claimed", PatientsSharePerMille)
        {
            Shown = Format.Share(ClaimedCentimes - PayableCentimes, ClaimedCentimes),
        },
        Money("cost_per_student", "spent a year of a student", CostPerStudentCentimes),
        new("days_to_payment", "days from deposit to payment", DaysToPayment)
        {
            Shown = Format.Fixed(DaysToPayment / 10m, 1), IsInTenths = true,
        },
        new("payment_days", null, PaymentDays),
    ]);

    public void Write(Utf8JsonWriter json) => Section.Write(json);
}
