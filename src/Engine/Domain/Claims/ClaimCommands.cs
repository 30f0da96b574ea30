namespace Amoe.Engine.Domain.Claims;

/// <summary>A command to one claim of a student. The reference of its id is the claim's sheet number.</summary>
public abstract record ClaimCommand(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : Command(Student, Claim, Effective, Known)
{
    /// <summary>The sheet number.</summary>
    public ulong Claim => Reference;
}

/// <summary>A claim file is deposited at a desk (K1, K2, K6). Effective on the day of deposit.</summary>
/// <param name="Desk">The desk's number in the reference data.</param>
/// <param name="Provider">The number of the care provider: the payee of a third-party claim.</param>
/// <param name="PatientIsStudent">False when the patient is somebody else (E4).</param>
/// <param name="Items">What the file has (K5).</param>
/// <param name="Lines">The acts; at most <see cref="MaxLines"/>.</param>
public sealed record DepositClaim(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known,
    ClaimWay Way, int Desk, int Provider, bool PatientIsStudent, FileItems Items, ClaimLine[] Lines)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    /// <summary>The most acts one sheet can carry.</summary>
    public const int MaxLines = 32;

    public ClaimLine[] Lines
    {
        get; init =>
        field = value ?? throw new ArgumentNullException(nameof(Lines));
    } = Lines
            ?? throw new ArgumentNullException(nameof(Lines));

    public override CommandKind Kind => CommandKind.DepositClaim;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add((long)Way | (PatientIsStudent ? 0x100L : 0) | (long)Desk << 16);
        hash.Add(Provider);
        hash.Add((long)Items);
        foreach (ref readonly var line in Lines.AsSpan())
            line.AddTo(ref hash);
    }

    public bool Equals(DepositClaim? other) =>
        other is not null
            && Id == other.Id
            && Student == other.Student
            && Known == other.Known
            && Fingerprint() == other.Fingerprint();

    public override int GetHashCode() => HashCode.Combine(Student, Claim);
}

/// <summary>A returned file is brought back with items that were missing (K5).</summary>
/// <param name="Items">What is brought now, beside what the desk already saw.</param>
/// <param name="Lines">
/// Every line again, with the prices and descriptions that were missing; empty where no line changes.
/// </param>
public sealed record CompleteClaim(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, FileItems Items, ClaimLine[]? Lines = null)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public ClaimLine[] Lines
    {
        get; init =>
        field = value ?? throw new ArgumentNullException(nameof(Lines));
    } = Lines ?? [];

    public override CommandKind Kind => CommandKind.CompleteClaim;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add((long)Items);
        foreach (ref readonly var line in Lines.AsSpan())
            line.AddTo(ref hash);
    }

    public bool Equals(CompleteClaim? other) =>
        other is not null
            && Id == other.Id
            && Student == other.Student
            && Known == other.Known
            && Fingerprint() == other.Fingerprint();

    public override int GetHashCode() => HashCode.Combine(Student, Claim);
}

/// <summary>
/// The fund receives the file and adjudicates it: coverage is checked on the dates of care, lines are priced (K3,
/// B1-B12).
/// </summary>
public sealed record ReceiveClaim(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReceiveClaim;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>A payment run orders the claim's payment (K8).</summary>
public sealed record OrderPayment(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.OrderPayment;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>The bank or the post confirms that a payment was made (K8). Effective on that day.</summary>
/// <param name="Payment">
/// The payment's number within the claim, from 1; 0 where the message does not say it, and only one can be meant.
/// </param>
public sealed record ConfirmPayment(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, int Payment = 0)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ConfirmPayment;

    protected override void AddContent(ref ContentHash hash)
    {
        if (Payment != 0)
            hash.Add(Payment);
    }
}

/// <summary>The physician who reviewed a held claim decides (X4).</summary>
/// <param name="Granted">False refuses every line that would have been paid.</param>
public sealed record ReviewClaim(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, bool Granted)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReviewClaim;

    protected override void AddContent(ref ContentHash hash) => hash.Add(Granted);
}

/// <summary>
/// It is decided whether the lines that look like earlier ones, but for the amount, are the same care (X1).
/// </summary>
/// <param name="IsDuplicate">True refuses these lines.</param>
public sealed record ResolveDuplicate(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, bool IsDuplicate)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ResolveDuplicate;

    protected override void AddContent(ref ContentHash hash) => hash.Add(IsDuplicate);
}

/// <summary>
/// The student, or the provider of a third-party claim, appeals against a claim of which nothing, or not every line,
/// was paid: once (X5).
/// </summary>
public sealed record AppealClaim(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.AppealClaim;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>The appeal is decided (X5).</summary>
/// <param name="Granted">True judges every line again under what is known now, and no review is repeated.</param>
public sealed record DecideAppeal(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, bool Granted)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.DecideAppeal;

    protected override void AddContent(ref ContentHash hash) => hash.Add(Granted);
}

/// <summary>
/// A payment came back: a closed account, a postal order that was not fetched (X6). Effective on the day it came back.
/// </summary>
/// <param name="Payment">
/// The payment's number within the claim, from 1; 0 where the message does not say it, and only one can be meant.
/// </param>
public sealed record ReportPaymentReturned(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, int Payment = 0)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReportPaymentReturned;

    protected override void AddContent(ref ContentHash hash)
    {
        if (Payment != 0)
            hash.Add(Payment);
    }
}

/// <summary>A payment that came back is ordered again (X6).</summary>
public sealed record ReissuePayment(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReissuePayment;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>The payee of what was not due pays it back, or it was set off elsewhere (X7).</summary>
/// <param name="AmountCentimes">How much; at most what is still owed.</param>
/// <param name="Payee">
/// Who pays it back. None: the provider of a third-party claim while it owes something, else the student.
/// </param>
public sealed record RecoverOverpayment(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, long AmountCentimes, Payee Payee = Payee.None)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.RecoverOverpayment;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(AmountCentimes);
        if (Payee != Payee.None)
            hash.Add((long)Payee);
    }
}

/// <summary>An operator has a claim judged again under what is known now (S5).</summary>
public sealed record ReopenClaim(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ReopenClaim;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>
/// Asks for the status of a claim. Answered with a <see cref="ClaimAnswer"/>, also for a claim closed long ago.
/// </summary>
public sealed record AskClaim(StudentId Student, ulong Claim, DateOnly Known) : Query(Student, Known)
{
    public override CommandKind Kind => CommandKind.AskClaim;
}

/// <summary>The answer to <see cref="AskClaim"/>.</summary>
/// <param name="Lines">The acts as deposited.</param>
/// <param name="Outcomes">What was decided on each, empty before adjudication.</param>
public sealed record ClaimAnswer(
    ClaimStatus Status, FileItems Missing, ClaimLine[] Lines, LineOutcome[] Outcomes, long PayableCentimes,
    PaymentMethod Method)
{
    /// <summary>Paid and set off, less what came back and was recovered.</summary>
    public long SettledCentimes { get; init; }

    /// <summary>Ordered and not confirmed.</summary>
    public long InTransitCentimes { get; init; }

    /// <summary>
    /// Its payments by number, the first one's first: which one came back, or was made, is said by it (X6).
    /// </summary>
    public Payment[] Payments { get; init; } = [];

    /// <summary>What the patient bears of all lines (K2, B11); 0 before adjudication.</summary>
    public long ShareCentimes => LineOutcome.ShareOf(Lines, Outcomes);

    /// <summary>Owed back by the payee (X7).</summary>
    public long OverpaidCentimes { get; init; }

    /// <summary>Of what was settled, that with the student of a third-party claim (B11).</summary>
    public long RefundSettledCentimes { get; init; }

    /// <summary>Of what is payable, what the student of a third-party claim is repaid (B11).</summary>
    public long RefundCentimes => LineOutcome.SumOfRefunds(Outcomes);

    /// <summary>Of what is owed back, what the student of a third-party claim owes.</summary>
    public long RefundOverpaidCentimes => Math.Max(0, RefundSettledCentimes - RefundCentimes);

    /// <summary>Appealed, and the appeal is not decided (X5).</summary>
    public bool AppealPending { get; init; }

    /// <summary>The answer about a claim; null gives that about a claim that is not known.</summary>
    internal static ClaimAnswer Of(Claim? claim) => claim is null
        ? new ClaimAnswer(ClaimStatus.None, FileItems.None, [], [], 0, PaymentMethod.None)
        : new ClaimAnswer(claim.Status, claim.Missing, claim.Lines, claim.Outcomes, claim.PayableCentimes, claim.Method)
        {
            SettledCentimes = claim.SettledCentimes,
            Payments = claim.Payments.ToArray(),
            InTransitCentimes = claim.InTransitCentimes,
            OverpaidCentimes = claim.OverpaidCentimes,
            RefundSettledCentimes = claim.RefundSettledCentimes,
            AppealPending = claim.Marks.HasFlag(ClaimMarks.AppealPending),
        };
}
