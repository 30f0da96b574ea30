namespace Amoe.Simulator.Traffic;

/// <summary>
/// An action of a student, or of another party about the student, on a day. The upper bits are the phase of the day; a
/// number is part of the order.
/// </summary>
internal enum StepKind : byte
{
    // Phase 0: registration and its facts.
    CarryOver = 0,
    Declare,
    Resend,
    Forward,
    Transmit,
    Answer,
    Pay,
    ReceiveContribution,
    PresentReceipt,
    ReportCoverage,
    EndCoverage,
    Interrupt,
    ChangeReason,
    Resume,
    DecideExemption,
    IssueCertificate,

    // Phase 1: approvals, corrections of facts, and facts about a student's further coverages and exemptions.
    RequestApproval = 16,
    DecideApproval,

    /// <summary>An operator takes a wrong fact back; the attempt says which kind of step it was.</summary>
    TakeBack,

    /// <summary>An operator takes a wrong decision on approval back.</summary>
    TakeBackApproval,

    /// <summary>The other parent's coverage is reported.</summary>
    ReportSecondCoverage,
    EndSecondCoverage,

    /// <summary>A coverage begins on the day after another ended.</summary>
    ReportNextCoverage,

    /// <summary>A coverage in last year's grace.</summary>
    ReportEarlierCoverage,
    EndEarlierCoverage,

    /// <summary>The student reports an end that ANAM has not confirmed; the attempt says of which coverage.</summary>
    ReportEnd,

    /// <summary>An exemption is refused for the day on which it was granted.</summary>
    UndoExemption,

    /// <summary>
    /// An exemption is granted for the day of care of a bill that the fund has paid by then; the number says of which
    /// claim.
    /// </summary>
    ExemptForBill,

    // Phase 2: claim files.
    Deposit = 32,

    /// <summary>
    /// A deposit for care that fell outside the student's entitlement period, as the student could have known.
    /// </summary>
    DepositOutside,
    Complete,
    ReceiveClaim,
    ReviewClaim,
    ResolveDuplicate,
    AppealClaim,
    DecideAppeal,
    ReopenClaim,

    /// <summary>A claim that was sent the wrong way is sent the right way, on another sheet.</summary>
    PresentAgain,

    /// <summary>A second prosthesis is claimed, on another sheet.</summary>
    DepositSecondProsthesis,

    // Phase 3: payments.
    OrderPayment = 48,
    ConfirmPayment,
    ReturnPayment,
    ReissuePayment,
    Recover,

    /// <summary>A claim's first payment comes back while a later one is under way.</summary>
    ReturnFirstPayment,

    /// <summary>The bank says which payment came back, because its first message did not.</summary>
    NameReturnedPayment,
}

/// <summary>
/// One step of one student on a day: eight bytes whose order is the order of the day (phase, student, kind, number,
/// attempt). Everything else about it is drawn again when its day comes.
/// </summary>
internal readonly record struct Step(ulong Order) : IComparable<Step>
{
    public const int AttemptMax = 255;

    public Step(uint student, StepKind kind, int number = 0, int attempt = 0)
        : this(
            (ulong)((int)kind >> 4) << 60
                | (ulong)student << 28
                | ((ulong)kind & 15) << 24
                | (ulong)(ushort)number << 8
                | (uint)(attempt & AttemptMax))
    {
    }

    /// <summary>0 registration and facts, 1 approvals and corrections, 2 claim files, 3 payments.</summary>
    public int Phase => (int)(Order >> 60);

    /// <summary>The student's index.</summary>
    public uint Student => (uint)(Order >> 28);

    public StepKind Kind => (StepKind)(Phase << 4 | (int)(Order >> 24 & 15));

    /// <summary>Which claim, for those that have one; of a fact, for how many days it has held.</summary>
    public int Number => (ushort)(Order >> 8);

    public int Attempt => (int)(Order & AttemptMax);

    public int CompareTo(Step other) => Order.CompareTo(other.Order);

    public static bool operator <(Step left, Step right) => left.Order < right.Order;

    public static bool operator >(Step left, Step right) => left.Order > right.Order;

    public static bool operator <=(Step left, Step right) => left.Order <= right.Order;

    public static bool operator >=(Step left, Step right) => left.Order >= right.Order;
}
