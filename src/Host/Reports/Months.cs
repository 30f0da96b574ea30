using System.Text.Json;
using Amoe.Engine.Figures;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// What happened in each month, by the day on which it became known: the sums over the months are the year's.
/// </summary>
internal sealed class Months
{
    private const int LabelWidth = 10;
    private readonly List<Month> _months = [];

    public Months(Totals totals)
    {
        var (days, last) = (totals.Days, totals.Day);
        foreach (var first in totals.Months)
        {
            var (from, end) = (first < days.First ? days.First : first, first.AddMonths(1).AddDays(-1));
            _months.Add(Of(days, first, from, end < last ? end : last));
        }
    }

    public IReadOnlyList<Month> All => _months;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("months");
        foreach (var month in _months)
        {
            json.WriteStartObject();
            json.WriteString("name", month.Name);
            json.WriteNumber("days", month.Days);
            json.WriteNumber("declarations", month.Declarations);
            json.WriteNumber("applications", month.Applications);
            json.WriteNumber("applications_accepted", month.Accepted);
            json.WriteNumber("files_brought", month.FilesBrought);
            json.WriteNumber("claims", month.Rates.Claims);
            json.WriteNumber("claims_decided", month.Rates.ClaimsDecided);
            json.WriteNumber("claimed_centimes", month.Rates.ClaimedCentimes);
            json.WriteNumber("payable_centimes", month.Rates.PayableCentimes);
            json.WriteNumber("payments_confirmed", month.Rates.PaymentsConfirmed);
            json.WriteNumber("spent_centimes", month.Rates.SpentCentimes);
            month.Rates.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void Write(IAnsiConsole console)
    {
        if (_months.Count == 0)
            return;
        console.WriteLine();
        console.Write(
            Line("By month", "in force", "claims", "decided", "per 1,000", "a claim", "patients", "spent, MAD", "days"),
            new Style(decoration: Decoration.Bold));
        console.WriteLine();
        foreach (var month in _months)
        {
            var rates = month.Rates;
            console.WriteLine(Line(
                $"  {month.Name}", Format.Count(Ratio.Of(rates.CoveredStudentDays, month.Days)),
                Format.Count(rates.Claims), Format.Count(rates.ClaimsDecided), Format.Count(rates.ClaimsPerThousand),
                rates.ClaimsDecided == 0 ? "-" : Format.Amount(rates.AverageClaimCentimes),
                Format.Share(rates.ClaimedCentimes - rates.PayableCentimes, rates.ClaimedCentimes),
                Format.Amount(rates.SpentCentimes),
                rates.PaymentsConfirmed == 0 ? "-" : Format.Fixed(rates.DaysToPayment / 10m, 1)));
        }
    }

    private static string Line(
        string name, string inForce, string claims, string decided, string perThousand, string claim, string patients,
        string spent, string days) =>
        $"{name.PadRight(LabelWidth)}{inForce,11}{claims,10}{decided,10}{perThousand,11}{claim,12}{patients,10}"
            + $"{spent,17}{days,8}";

    private static Month Of(DaySeries days, DateOnly first, DateOnly from, DateOnly through)
    {
        return new Month(
            MonthBreakdowns.NameOf(first), Math.Max(0, through.DayNumber - from.DayNumber + 1),
            Sum(DayFigure.Declarations), Sum(DayFigure.Applications), Sum(DayFigure.Accepted),
            Sum(DayFigure.FilesBrought),
            new Rates(
                days.Closing(DayFigure.Active, days.First, through).Skip(from.DayNumber - days.First.DayNumber).Sum(),
                Sum(DayFigure.Claims), Sum(DayFigure.ClaimsDecided), Sum(DayFigure.ClaimedCentimes),
                Sum(DayFigure.PayableCentimes), Sum(DayFigure.SpentCentimes), Sum(DayFigure.PaymentsConfirmed),
                Sum(DayFigure.PaymentDays)));

        long Sum(DayFigure figure) => days.Changes(figure, from, through).Sum();
    }
}
