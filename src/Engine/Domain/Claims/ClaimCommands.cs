namespace Amoe.Engine.Domain.Claims;

/// <summary>A command to one claim of a student. The reference of its id is the claim's sheet number.</summary>
public abstract record ClaimCommand(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known) : Command(Student, Claim, Effective, Known)
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

    public ClaimLine[] Lines { get; init => field = value ?? throw new ArgumentNullException(nameof(Lines)); } = Lines ?? throw new ArgumentNullException(nameof(Lines));

    public override CommandKind Kind => CommandKind.DepositClaim;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add((long)Way | (PatientIsStudent ? 0x100L : 0) | (long)Desk << 16);
        hash.Add(Provider);
        hash.Add((long)Items);
        foreach (var line in Lines)
        {
            hash.Add((long)line.Act | (long)line.Sector << 8 | (long)line.Circumstances << 16 | (long)line.Quantity << 32);
            hash.Add(line.CareDate);
            hash.Add((ulong)line.PaidCentimes << 32 | line.ReferenceCentimes);
        }
    }

    public bool Equals(DepositClaim? other) =>
        other is not null && Id == other.Id && Student == other.Student && Known == other.Known && Fingerprint() == other.Fingerprint();

    public override int GetHashCode() => HashCode.Combine(Student, Claim);
}

/// <summary>A returned file is brought back with items that were missing (K5).</summary>
/// <param name="Items">What is brought now, beside what the desk already saw.</param>
public sealed record CompleteClaim(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, FileItems Items)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.CompleteClaim;

    protected override void AddContent(ref ContentHash hash) => hash.Add((long)Items);
}

/// <summary>The fund receives the file and adjudicates it: coverage is checked on the dates of care, lines are priced (K3, B1-B12).</summary>
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

/// <summary>The bank or the post confirms that the payment was made (K8). Effective on that day.</summary>
public sealed record ConfirmPayment(StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public override CommandKind Kind => CommandKind.ConfirmPayment;

    protected override void AddContent(ref ContentHash hash)
    {
    }
}

/// <summary>What the catalogue has and this version does not act on: answered <see cref="Outcome.NotYet"/> (X1, X4-X7).</summary>
/// <param name="What">One of <see cref="CommandKind.ReviewClaim"/> to <see cref="CommandKind.ReopenClaim"/>.</param>
/// <param name="AmountCentimes">The amount it is about, where it is about one.</param>
/// <param name="Granted">The decision, where it is one.</param>
public sealed record CorrectClaim(
    StudentId Student, ulong Claim, DateOnly Effective, DateOnly Known, CommandKind What, long AmountCentimes, bool Granted)
    : ClaimCommand(Student, Claim, Effective, Known)
{
    public CommandKind What { get; init => field = RequireCorrection(value); } = RequireCorrection(What);

    public override CommandKind Kind => What;

    protected override void AddContent(ref ContentHash hash)
    {
        hash.Add(AmountCentimes);
        hash.Add(Granted);
    }

    private static CommandKind RequireCorrection(CommandKind what) => what is >= CommandKind.ReviewClaim and <= CommandKind.ReopenClaim
        ? what
        : throw new ArgumentOutOfRangeException(nameof(what), what, "not a correction of a claim");
}

/// <summary>Where does a claim stand? Answered with a <see cref="ClaimAnswer"/>, also for a claim closed long ago.</summary>
public sealed record AskClaim(StudentId Student, ulong Claim, DateOnly Known) : Query(Student, Known)
{
    public override CommandKind Kind => CommandKind.AskClaim;
}

/// <summary>The answer to <see cref="AskClaim"/>.</summary>
/// <param name="Lines">The acts as deposited.</param>
/// <param name="Outcomes">What was decided on each, empty before adjudication.</param>
public sealed record ClaimAnswer(ClaimStatus Status, FileItems Missing, ClaimLine[] Lines, LineOutcome[] Outcomes, long PayableCentimes, PaymentMethod Method);
