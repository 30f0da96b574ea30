using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Replay;

/// <summary>
/// Open items: applications without a decision, claims with something to happen, money due, in transit and owed back.
/// Read from the state of students and claims and not from their events, so that <see cref="Totals"/>, which are folded
/// from events alone, can be held against it.
/// </summary>
public sealed class OpenItems
{
    private readonly long[] _applications = new long[8];
    private readonly long[] _claims = new long[16];
    private readonly long[] _outstandingCentimes = new long[16];
    private readonly long[] _ages = new long[16 * Ages];

    private const int Ages = (int)ClaimAge.Older + 1;

    /// <summary>Students that the fund has heard of.</summary>
    public long Students { get; private set; }

    /// <summary>Requests for approval that the medical control has not decided (B10).</summary>
    public long Approvals { get; private set; }

    /// <summary>Claims with something still to happen.</summary>
    public long Claims => _claims.Sum();

    /// <summary>Claims with an appeal not decided yet (X5).</summary>
    public long Appeals { get; private set; }

    /// <summary>Payments ordered, and neither confirmed nor undelivered yet.</summary>
    public long PaymentsInTransit { get; private set; }

    public long InTransitCentimes { get; private set; }

    /// <summary>Payable, and neither settled nor in transit.</summary>
    public long DueCentimes { get; private set; }

    /// <summary>Part of what is in transit and proved not to be due: overpaid once it is confirmed.</summary>
    public long InTransitNotDueCentimes { get; private set; }

    /// <summary>Payable and not settled.</summary>
    public long OutstandingCentimes => _outstandingCentimes.Sum();

    /// <summary>Contributions held because they are not expected (C5).</summary>
    public long HeldCentimes { get; private set; }

    public long ApplicationsIn(ApplicationState state) => _applications[(int)state];

    public long ClaimsIn(ClaimStatus status) => _claims[(int)status];

    /// <summary>Open claims by the days from their deposit to the day their partition is in.</summary>
    public long ClaimsOf(ClaimStatus status, ClaimAge age) => _ages[(int)status * Ages + (int)age];

    public long OutstandingCentimesIn(ClaimStatus status) => _outstandingCentimes[(int)status];

    public long OwedBackByStudentsCentimes { get; private set; }

    public long OwedBackByProvidersCentimes { get; private set; }

    internal static OpenItems Of(IEnumerable<PartitionState> partitions)
    {
        var open = new OpenItems();
        foreach (var partition in partitions)
        {
            foreach (var student in partition.Students)
                open.Add(student, partition.Day);
        }

        return open;
    }

    private void Add(StudentActor student, DateOnly today)
    {
        Students += student.IsKnown ? 1 : 0;
        _applications[(int)student.Application]++;
        HeldCentimes += student.Insurance?.HeldCentimes ?? 0;
        foreach (var approval in student.Insurance?.Approvals ?? [])
            Approvals += approval.State == ApprovalState.Requested ? 1 : 0;
        foreach (var claim in student.OpenClaims)
            Add(claim, today);
    }

    private void Add(Claim claim, DateOnly today)
    {
        _claims[(int)claim.Status]++;
        _ages[(int)claim.Status * Ages + (int)ClaimAges.Of(today.DayNumber - claim.DepositedOn.DayNumber)]++;
        Add(claim, claim.AccountOf(Payee.Student));
        Add(claim, claim.AccountOf(Payee.Provider));
        OwedBackByStudentsCentimes += claim.AccountOf(Payee.Student).OverpaidCentimes;
        OwedBackByProvidersCentimes += claim.AccountOf(Payee.Provider).OverpaidCentimes;
        Appeals += claim.Marks.HasFlag(ClaimMarks.AppealPending) ? 1 : 0;
        PaymentsInTransit += claim.InTransitCentimes > 0 ? 1 : 0;
    }

    private void Add(Claim claim, in PayeeAccount account)
    {
        _outstandingCentimes[(int)claim.Status] += Math.Max(0, account.PayableCentimes - account.SettledCentimes);
        InTransitCentimes += account.InTransitCentimes;
        DueCentimes += account.DueCentimes;
        InTransitNotDueCentimes += account.InTransitNotDueCentimes;
    }
}
