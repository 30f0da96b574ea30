using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Figures;

// Backlogs, counted by what a record changes, and the denominators of the clocks (X3).
public sealed partial class Totals
{
    // The student before the record, as the fields beside it.
    private Counter? _queueBefore;

    // By an event of the record: to look at the approvals of every student costs the turn one part in a hundred.
    private bool _isApprovalChanged;

    /// <summary>How often a clock was measured (X3): what <see cref="ClocksMissed"/> is of.</summary>
    public long ClocksMeasured(Clock clock) => clock switch
    {
        Clock.ApprovalAnswer => this[Counter.ApprovalsAnswered],
        Clock.ThirdPartyBill => this[Counter.ThirdPartyClaims],
        Clock.ProviderPayment => this[Counter.ProvidersPaid],
        Clock.ContributionTransfer => this[Counter.TransfersReceived],
        _ => 0,
    };

    /// <summary>Payments confirmed within a band of days from deposit.</summary>
    public long PaymentsWithin(PaymentTime time) => _counters[PaymentTimeAt + (int)time];

    /// <summary>A record of a student ends: the student is where its events leave him.</summary>
    internal void End(Student student)
    {
        var queue = QueueOf(student);
        if (queue != _queueBefore)
        {
            Queue(_queueBefore, -1);
            Queue(queue, 1);
        }

        if (!_isApprovalChanged)
            return;
        _isApprovalChanged = false;
        var pending = student.Insured.PendingApprovals;
        _counters[(int)Counter.ApprovalsPending] += pending - student.Insured.CountedApprovals;
        student.Insured.CountedApprovals = pending;
    }

    /// <summary>
    /// Counts where a claim waits now. Of a live turn that is where its record leaves it, of a replay where each event
    /// does: the changes of a record come to the same.
    /// </summary>
    private void CountWaiting(Claim claim)
    {
        if (claim.CountedStatus == claim.Status)
            return;
        Queue(QueueOf(claim.CountedStatus), -1);
        Queue(QueueOf(claim.Status), 1);
        claim.CountedStatus = claim.Status;
    }

    private void CountClock(Student student, ApprovalDecided decided)
    {
        var approval = Array.Find(
            student.Insurance?.Approvals ?? [], approval => approval.Reference == decided.Approval);
        if (approval is { RequestedOn: not null, Decisions.Length: 1 })
            _counters[(int)Counter.ApprovalsAnswered]++;
    }

    private void CountClock(Student student, ContributionReceived received)
    {
        var year = received.Year == 0 ? student.Year : received.Year;
        if (student.Insurance?.ContributionOf(year)?.WasAwaitedBefore(received.AmountCentimes) == true)
            _counters[(int)Counter.TransfersReceived]++;
    }

    private void CountTime(Claim claim, PaymentMade made)
    {
        var days = made.On.DayNumber - claim.DepositedOn.DayNumber;
        _counters[(int)Counter.PaymentDays] += days;
        _counters[PaymentTimeAt + (int)PaymentTimes.Of(days)]++;
        var payment = made.Payment == 0 ? claim.Payments.Last : claim.Payments[made.Payment];
        if (claim.Way == ClaimWay.ThirdParty
            && payment.Payee == Payee.None
            && claim.ReceivedOn is not null
            && claim.AccountOf(Payee.Provider).SettledCentimes == made.AmountCentimes)
            _counters[(int)Counter.ProvidersPaid]++;
    }

    private void Queue(Counter? queue, int step)
    {
        if (queue is { } counter)
            _counters[(int)counter] += step;
    }

    private static Counter? QueueOf(ClaimStatus status) => status switch
    {
        ClaimStatus.HeldForReview => Counter.ReviewsPending,
        ClaimStatus.HeldAsDuplicate => Counter.DuplicatesPending,
        _ => null,
    };

    /// <summary>Where an application waits: at the institution, a desk (D2, D3) or ANAM.</summary>
    private static Counter? QueueOf(Student student) => student.Application switch
    {
        ApplicationState.Declared => Counter.NotForwarded,
        ApplicationState.Forwarded => Registration.DeskOf(student.Enrolment.Category) switch
        {
            ApplicationDesk.Ofppt => Counter.AtOfppt,
            ApplicationDesk.AnamPortal => Counter.AtAnamPortal,
            _ => Counter.AtOnousc,
        },
        ApplicationState.WithAnam => Counter.WithAnam,
        _ => null,
    };
}
