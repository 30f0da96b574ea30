namespace Amoe.Engine.Figures;

// Where each figure is among the counters.
public sealed partial class Totals
{
    private const int DeclaredAt = (int)Counter.Last;
    private const int CoverageAt = DeclaredAt + 16;
    private const int AcceptedAt = CoverageAt + 16;
    private const int ClaimsAt = AcceptedAt + 16;
    private const int PayableAt = ClaimsAt + 16;
    private const int SuspendedAt = PayableAt + 16;
    private const int ApplicationRefusedAt = SuspendedAt + 16;
    private const int CommandRefusedAt = ApplicationRefusedAt + Reasons;
    private const int LineRefusedAt = CommandRefusedAt + Reasons;
    private const int FileRefusedAt = LineRefusedAt + Reasons;
    private const int LinesAt = FileRefusedAt + Reasons;
    private const int CentimesAt = LinesAt + 64;
    private const int ClockMissedAt = CentimesAt + 64;
    private const int PaymentsAt = ClockMissedAt + 16;
    private const int OverpaymentsAt = PaymentsAt + 3 * PaymentFields;
    private const int PaymentTimeAt = OverpaymentsAt + 2 * OverpaymentFields;
    private const int Length = PaymentTimeAt + (int)PaymentTime.Longer + 1;

    // The fields of PaymentFigures: a count and its centimes each.
    private const int Ordered = 0;
    private const int Confirmed = 2;
    private const int Undelivered = 4;
    private const int CameBack = 6;
    private const int PaymentFields = 8;

    // The fields of OverpaymentFigures.
    private const int Raised = 0;
    private const int Overpaid = 1;
    private const int SetOff = 2;
    private const int Repaid = 3;
    private const int MadeGood = 4;
    private const int OverpaymentFields = 5;
}
