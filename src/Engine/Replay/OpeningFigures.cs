using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Text;

namespace Amoe.Engine.Replay;

/// <summary>
/// The figures by which opening balances are reconciled, by name: students and applications by status, contributions,
/// open claims by status, payments by year. What is nothing is left out. Amounts are in centimes.
/// </summary>
public static class OpeningFigures
{
    /// <summary>In place of a year in <see cref="Names"/>.</summary>
    public const string Year = "YEAR";

    private static readonly ApplicationState[] _applications =
        [.. Enum.GetValues<ApplicationState>().Where(state => state != ApplicationState.None)];
    private static readonly ClaimStatus[] _claims =
        [.. Enum.GetValues<ClaimStatus>().Where(status => status != ClaimStatus.None)];

    /// <summary>Every name that a figure can have.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "students", "students_entitled", "students_suspended", .. _applications.Select(NameOf),
        $"contributions_{Year}", $"contributions_{Year}_centimes", "contributions_held_centimes",
        .. _claims.SelectMany(status => new[] { NameOf(status), $"{NameOf(status)}_centimes" }),
        "payments_in_transit", "payments_in_transit_centimes", $"paid_{Year}", $"paid_{Year}_centimes",
        $"came_back_{Year}", $"came_back_{Year}_centimes",
        "owed_back_by_students_centimes", "owed_back_by_providers_centimes",
    ];

    /// <summary>Counts a journal.</summary>
    /// <param name="accounts">What its audit found.</param>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static IReadOnlyDictionary<string, long> Of(IJournal journal, Accounts accounts)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (totals, open) = (accounts.Totals, accounts.Open);
        Add("students", open.Students);
        Add("students_entitled", totals[Counter.Active] - totals[Counter.Suspended]);
        Add("students_suspended", totals[Counter.Suspended]);
        foreach (var state in _applications)
            Add(NameOf(state), open.ApplicationsIn(state));
        Add("contributions_held_centimes", open.HeldCentimes);
        foreach (var status in _claims)
        {
            Add(NameOf(status), open.ClaimsIn(status));
            Add($"{NameOf(status)}_centimes", open.OutstandingCentimesIn(status));
        }

        Add("payments_in_transit", open.PaymentsInTransit);
        Add("payments_in_transit_centimes", open.InTransitCentimes);
        Add("owed_back_by_students_centimes", open.OwedBackByStudentsCentimes);
        Add("owed_back_by_providers_centimes", open.OwedBackByProvidersCentimes);
        for (var partition = 0; partition < journal.Identity.StudentPartitions; partition++)
        {
            foreach (var entry in History.OfPartition(journal, partition))
            {
                foreach (var e in entry.Events)
                    Count(entry.Header, e);
            }
        }

        return figures;

        void Count(in RecordHeader header, Event e)
        {
            switch (e)
            {
                case ContributionReceived r:
                    AddBoth($"contributions_{r.Year}", 1, r.AmountCentimes);
                    break;
                case ReceiptCorrected r:
                    AddBoth($"contributions_{r.Year}", -1, -r.AmountCentimes);
                    break;
                case PaymentMade p:
                    AddBoth($"paid_{p.On.Year}", 1, p.AmountCentimes);
                    break;
                case PaymentReturned { WasConfirmed: true } p:
                    AddBoth($"came_back_{header.Effective.Year}", 1, p.AmountCentimes);
                    break;
            }
        }

        void AddBoth(string name, long count, long centimes)
        {
            Add(name, count);
            Add($"{name}_centimes", centimes);
        }

        void Add(string name, long value)
        {
            if (figures.GetValueOrDefault(name) + value is var sum and not 0)
                figures[name] = sum;
            else
                figures.Remove(name);
        }
    }

    private static string NameOf(ApplicationState state) => $"applications_{SnakeCase<ApplicationState>.NameOf(state)}";

    private static string NameOf(ClaimStatus status) => $"claims_{SnakeCase<ClaimStatus>.NameOf(status)}";
}
