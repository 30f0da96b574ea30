using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Figures;

/// <summary>
/// The domain's counts and sums, folded from events alone: a replay ends with the same. One per partition; the sum of
/// the partitions is the nation. Amounts in centimes.
/// </summary>
public sealed partial class Totals
{
    private const int Reasons = 256;

    // All counters are in one array, so that adding, saving and comparing need no list of them.
    private readonly long[] _counters = new long[Length];

    // The student before the record: a live turn counts its events when all are applied, a replay after each.
    private short _yearBefore;
    private ApplicationState _applicationBefore;
    private Standing _standingBefore;
    private Category _categoryBefore;

    public long this[Counter counter] => _counters[(int)counter];

    /// <summary>All payments.</summary>
    public PaymentFigures Payments =>
        PaymentsBy(PaymentChannel.StudentTransfers) + PaymentsBy(PaymentChannel.StudentPostalOrders)
            + PaymentsBy(PaymentChannel.ProviderTransfers);

    /// <summary>All overpayments.</summary>
    public OverpaymentFigures Overpayments => OverpaymentsOf(Payee.Student) + OverpaymentsOf(Payee.Provider);

    /// <summary>The patients' shares of lines adjudicated (K2, B11), as known now.</summary>
    public long ShareCentimes => this[Counter.ClaimedCentimes] - this[Counter.PayableCentimes];

    /// <summary>Money that left the fund: paid, less repaid. A set-off moves none.</summary>
    public long SpentCentimes => Payments.PaidCentimes - Overpayments.RepaidCentimes;

    public long DeclarationsOf(Category category) => _counters[DeclaredAt + (int)category];

    public long DeclarationsWith(CoverageKind coverage) => _counters[CoverageAt + (int)coverage];

    public long AcceptedOf(Category category) => _counters[AcceptedAt + (int)category];

    /// <summary>Claims deposited by students of a category.</summary>
    public long ClaimsOf(Category category) => _counters[ClaimsAt + (int)category];

    /// <summary>
    /// What was decided payable on claims of students of a category. What is decided differently later counts under the
    /// category that the student has by then.
    /// </summary>
    public long PayableCentimesOf(Category category) => _counters[PayableAt + (int)category];

    public long SuspensionsFor(SuspensionCause cause) => _counters[SuspendedAt + (int)cause];

    public long ClocksMissed(Clock clock) => _counters[ClockMissedAt + (int)clock];

    public long ApplicationsRefusedFor(Reason reason) => _counters[ApplicationRefusedAt + (int)reason];

    public long CommandsRefusedFor(Reason reason) => _counters[CommandRefusedAt + (int)reason];

    /// <summary>Files refused at the desk (K6): the refused among the commands that deposit a claim.</summary>
    public long FilesRefusedFor(Reason reason) => _counters[FileRefusedAt + (int)reason];

    /// <summary>Lines refused or cut for a reason; for none, lines accepted as claimed.</summary>
    public long LinesRefusedFor(Reason reason) => _counters[LineRefusedAt + (int)reason];

    public long LinesOf(Act act) => _counters[LinesAt + (int)act];

    public long CentimesFor(Act act) => _counters[CentimesAt + (int)act];

    public PaymentFigures PaymentsBy(PaymentChannel channel)
    {
        var at = PaymentsAt + (int)channel * PaymentFields;
        return new PaymentFigures(
            _counters[at + Ordered], _counters[at + Ordered + 1], _counters[at + Confirmed],
            _counters[at + Confirmed + 1],
            _counters[at + Undelivered], _counters[at + Undelivered + 1], _counters[at + CameBack],
            _counters[at + CameBack + 1]);
    }

    public OverpaymentFigures OverpaymentsOf(Payee payee)
    {
        var at = At(payee);
        return new OverpaymentFigures(
            _counters[at + Raised], _counters[at + Overpaid], _counters[at + SetOff], _counters[at + Repaid],
            _counters[at + MadeGood]);
    }

    /// <summary>The most students who had an entitlement period at the close of one day.</summary>
    public long ActivePeak => Days.Peak(DayFigure.Active);

    public void Add(Totals other)
    {
        for (var i = 0; i < _counters.Length; i++)
            _counters[i] += other._counters[i];
        AddDays(other);
        AddMonths(other);
    }

    /// <summary>A record begins: some events mean one thing or another by the state they find.</summary>
    internal void Begin(Student student, Standing standing) =>
        (_yearBefore, _applicationBefore, _standingBefore, _categoryBefore, _queueBefore) = (student.Year,
            student.Application, standing, student.Enrolment.Category, QueueOf(student));

    internal void Count(in RecordHeader header)
    {
        if (!header.IsCommand)
            return;
        _counters[(int)Counter.Commands]++;
        if (header.Kind == CommandKind.DepositClaim)
            _counters[(int)(header.Id.Attempt == 0 ? Counter.FilesBroughtFirst : Counter.FilesBroughtAgain)]++;
        if (header.Outcome != Outcome.Refused)
            return;
        _counters[(int)Counter.CommandsRefused]++;
        _counters[CommandRefusedAt + (int)header.Reason]++;
        if (header.Kind == CommandKind.DepositClaim)
            _counters[FileRefusedAt + (int)header.Reason]++;
    }

    internal void Count(Student student, Claim? claim, Event e)
    {
        _counters[(int)Counter.Events]++;
        switch (e)
        {
            case DeclarationRecorded d:
                _counters[(int)Counter.Declarations]++;
                if (d.Year <= _yearBefore)
                    _counters[(int)Counter.DeclaredAgain]++;
                if (d.Year >= _yearBefore)
                    ReplaceApplication();
                _counters[DeclaredAt + (int)d.Enrolment.Category]++;
                _counters[CoverageAt + (int)d.Coverage]++;
                if (d.Coverage == CoverageKind.None)
                    _counters[(int)Counter.Applications]++;
                break;
            case FurtherEnrolmentRecorded f:
                _counters[(int)Counter.Declarations]++;
                _counters[(int)Counter.DeclaredAgain]++;
                _counters[(int)Counter.FurtherEnrolments]++;
                _counters[DeclaredAt + (int)f.Enrolment.Category]++;
                _counters[CoverageAt + (int)CoverageKind.None]++;
                break;
            case RegistrationResent:
                _counters[(int)Counter.Applications]++;
                _counters[(int)Counter.Resent]++;
                ReplaceApplication();
                break;
            case RegistrationCarriedOver:
                _counters[(int)Counter.CarriedOver]++;
                break;
            case ApplicationAccepted:
                _counters[(int)Counter.Accepted]++;
                _counters[AcceptedAt + (int)student.Enrolment.Category]++;
                if (_standingBefore is Standing.Active or Standing.Suspended)
                    _counters[(int)Counter.RightsReplaced]++;
                break;
            case ApplicationRefused r:
                _counters[(int)Counter.Refused]++;
                _counters[ApplicationRefusedAt + (int)r.Reason]++;
                break;
            case ContributionPaid p:
                _counters[(int)Counter.ContributionPaidCentimes] += p.AmountCentimes;
                break;
            case ContributionReceived r:
                _counters[(int)Counter.ContributionReceivedCentimes] += r.AmountCentimes;
                CountClock(student, r);
                break;
            case ContributionHeld h:
                _counters[(int)Counter.ContributionHeldCentimes] += h.AmountCentimes;
                break;
            case ContributionReleased r:
                _counters[(int)Counter.ContributionHeldCentimes] -= r.AmountCentimes;
                break;
            case ReceiptCorrected r:
                _counters[(int)Counter.ContributionReceivedCentimes] -= r.AmountCentimes;
                break;
            case FactCorrected f:
                _counters[(int)Counter.ContributionReceivedCentimes] -= f.AmountCentimes;
                break;
            case RightSuspended s:
                _counters[SuspendedAt + (int)s.Cause]++;
                break;
            case ApprovalRequested or ApprovalDecisionTakenBack:
                _isApprovalChanged = true;
                break;
            case ApprovalDecided d:
                _isApprovalChanged = true;
                CountClock(student, d);
                break;
            case ClockMissed m:
                _counters[ClockMissedAt + (int)m.Clock]++;
                break;
            case RightLapsed:
                _counters[(int)Counter.Lapsed]++;
                break;
            case ClaimEvent c:
                Count(claim!, c);
                CountWaiting(claim!);
                break;
        }
    }

    /// <summary>Events of ledgers, whose sums are <see cref="PartyTotals"/>.</summary>
    internal void CountOfParty(long events) => _counters[(int)Counter.Events] += events;

    internal void Count(Standing from, Standing to)
    {
        Stand(from, -1);
        Stand(to, 1);
    }

    internal void Write(ByteWriter w)
    {
        w.Varint((ulong)_counters.Length);
        foreach (var counter in _counters)
            w.Signed(counter);
        WriteDays(w);
        WriteMonths(w);
    }

    internal static Totals Read(ref ByteReader r)
    {
        var totals = new Totals();
        if (r.Int() != totals._counters.Length)
            throw new InvalidDataException("totals of another version");
        for (var i = 0; i < totals._counters.Length; i++)
            totals._counters[i] = r.Signed();
        totals.ReadDays(ref r);
        totals.ReadMonths(ref r);
        return totals;
    }

    private void Stand(Standing standing, int step)
    {
        // A suspended student still has the entitlement period, and so counts as active too.
        if (standing is Standing.Active or Standing.Suspended)
            _counters[(int)Counter.Active] += step;
        if (standing == Standing.Suspended)
            _counters[(int)Counter.Suspended] += step;
    }

    private void Count(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case ClaimDeposited d:
                _counters[(int)Counter.Claims]++;
                _counters[ClaimsAt + (int)_categoryBefore]++;
                if (d.Way == ClaimWay.ThirdParty)
                    _counters[(int)Counter.ThirdPartyClaims]++;
                break;
            case ClaimReturned:
                _counters[(int)Counter.ClaimReturns]++;
                break;
            case ClaimCompleted:
                _counters[(int)Counter.ClaimCompletions]++;
                break;
            case ClaimAdjudicated a:
                _counters[(int)Counter.ClaimsDecided]++;
                _counters[(int)Counter.Lines] += a.Outcomes.Length;
                foreach (var line in claim.Lines)
                {
                    _counters[LinesAt + (int)line.Act]++;
                    _counters[(int)Counter.ClaimedCentimes] += line.PaidCentimes;
                }

                Count(claim, a.Outcomes, 1);
                break;
            case ClaimRevised r:
                _counters[(int)Counter.Revisions]++;
                Count(claim, r.Former, -1);
                Count(claim, r.Outcomes, 1);
                break;
            case ClaimHeld h:
                _counters[(int)(h.AsDuplicate ? Counter.HeldAsDuplicates : Counter.HeldForReview)]++;
                break;
            case ClaimReleased:
                _counters[(int)Counter.HoldsDecided]++;
                break;
            case ClaimAppealed:
                _counters[(int)Counter.Appeals]++;
                break;
            case AppealDecided a:
                _counters[(int)(a.Granted ? Counter.AppealsGranted : Counter.AppealsRefused)]++;
                break;
            case PaymentOrdered p:
                CountPayment(claim, p.Payment, Ordered, p.AmountCentimes);
                break;
            case PaymentReissued p:
                CountPayment(claim, p.Payment, Ordered, p.AmountCentimes);
                break;
            case PaymentMade p:
                CountPayment(claim, p.Payment, Confirmed, p.AmountCentimes);
                CountTime(claim, p);
                break;
            case PaymentReturned p:
                CountPayment(claim, p.Payment, p.WasConfirmed ? CameBack : Undelivered, p.AmountCentimes);
                break;
            default:
                CountOverpayment(claim, e);
                break;
        }
    }

    /// <param name="payment">Its number; 0 in journals of the first version: the claim's last.</param>
    /// <param name="field">What became of the payment: its count, and its centimes one further.</param>
    private void CountPayment(Claim claim, int payment, int field, long centimes)
    {
        var order = payment == 0 ? claim.Payments.Last : claim.Payments[payment];
        var channel = claim.Way == ClaimWay.ThirdParty && order.Payee == Payee.None ? PaymentChannel.ProviderTransfers
            : order.Method == PaymentMethod.PostalOrder
            ? PaymentChannel.StudentPostalOrders
            : PaymentChannel.StudentTransfers;
        var at = PaymentsAt + (int)channel * PaymentFields + field;
        _counters[at]++;
        _counters[at + 1] += centimes;
        _counters[(int)Counter.RefundsOrdered] += field == Ordered && order.Payee != Payee.None ? 1 : 0;
    }

    private void CountOverpayment(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case PaymentSetOff s:
                _counters[(int)Counter.SetOffCentimes] += s.AmountCentimes;
                break;
            case OverpaymentRaised o:
                _counters[At(o.Payee, claim.OwnPayee) + Raised]++;
                _counters[At(o.Payee, claim.OwnPayee) + Overpaid] += o.AmountCentimes;
                break;
            case OverpaymentRecovered o:
                _counters[At(o.Payee, claim.OwnPayee) + (o.BySetOff ? SetOff : Repaid)] += o.AmountCentimes;
                break;
            case OverpaymentCancelled o:
                _counters[At(o.Payee, claim.OwnPayee) + MadeGood] += o.AmountCentimes;
                break;
        }
    }

    private static int At(Payee payee, Payee own = Payee.None) =>
        OverpaymentsAt + ((payee == Payee.None ? own : payee) == Payee.Provider ? OverpaymentFields : 0);

    /// <summary>Gives up an undecided application for a later declaration or registration.</summary>
    private void ReplaceApplication()
    {
        if (_applicationBefore is ApplicationState.Declared or ApplicationState.Forwarded or ApplicationState.WithAnam)
            _counters[(int)Counter.ApplicationsReplaced]++;
    }

    /// <summary>Adds what was decided on a claim's lines, or takes it away where it is decided differently.</summary>
    private void Count(Claim claim, LineOutcome[] outcomes, int step)
    {
        var (payable, reasons) = (LineOutcome.Sum(outcomes), 0);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var outcome = outcomes[i];
            if (i < claim.Lines.Length)
                _counters[CentimesAt + (int)claim.Lines[i].Act] += step * (long)outcome.AmountCentimes;
            reasons += outcome.Reason == Reason.None ? 0 : 1;
            _counters[LineRefusedAt + (int)outcome.Reason] += step;
        }

        _counters[(int)Counter.PayableCentimes] += step * payable;
        _counters[PayableAt + (int)_categoryBefore] += step * payable;
        _counters[(int)Counter.RefundCentimes] += step * LineOutcome.SumOfRefunds(outcomes);
        _counters[
            (int)(payable == 0
                ? Counter.ClaimsRefused
                : reasons == 0 ? Counter.ClaimsAccepted : Counter.ClaimsPartlyAccepted)] += step;
    }
}
