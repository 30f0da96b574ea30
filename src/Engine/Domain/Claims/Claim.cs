namespace Amoe.Engine.Domain.Claims;

/// <summary>An open claim. Changed by <see cref="ClaimEvolver"/> alone.</summary>
public sealed class Claim(ulong number)
{
    private const ClaimMarks Held = ClaimMarks.HeldAsDuplicate | ClaimMarks.HeldForReview;

    private DateOnly _receivedOn;

    /// <summary>The sheet number.</summary>
    public ulong Number { get; } = number;

    public ClaimStatus Status { get; internal set; }

    public ClaimWay Way { get; internal set; }

    /// <summary>How a journal of the first version said that it would be paid: its orders of payment do not say it. None in later ones.</summary>
    internal PaymentMethod AnnouncedMethod { get; set; }

    public ClaimMarks Marks { get; internal set; }

    public FileItems Items { get; internal set; }

    public FileItems Missing { get; internal set; }

    /// <summary>The care provider; of a third-party claim the payee.</summary>
    public int Provider { get; internal set; }

    public DateOnly DepositedOn { get; internal set; }

    /// <summary>The day the fund received it; null before.</summary>
    public DateOnly? ReceivedOn
    {
        get => _receivedOn == default ? null : _receivedOn;
        internal set => _receivedOn = value ?? default;
    }

    /// <summary>Its payments, in the order of their orders (K8, X6).</summary>
    internal Payments Payments { get; set; }

    /// <summary>How it was last paid; none before the first order.</summary>
    public PaymentMethod Method => Payments.Last.Method;

    public ClaimLine[] Lines { get; internal set; } = [];

    /// <summary>What is decided on each line, as known now; empty before adjudication.</summary>
    public LineOutcome[] Outcomes { get; internal set; } = [];

    /// <summary>Lines that were claimed before, a bit each (X1).</summary>
    public uint SameLines { get; internal set; }

    /// <summary>Lines that look like earlier ones but for the amount, while it is not decided that they are the same (X1).</summary>
    public uint SimilarLines { get; internal set; }

    /// <summary>The sum of the lines' amounts.</summary>
    public long PayableCentimes { get; internal set; }

    /// <summary>Confirmed payments and set-offs, less payments that came back and recoveries. Below zero when what was recovered came back too.</summary>
    public long SettledCentimes { get; internal set; }

    /// <summary>Ordered and not confirmed.</summary>
    public long InTransitCentimes => Payments.Last is { State: PaymentState.InTransit } payment ? payment.AmountCentimes : 0;

    /// <summary>What is to be paid beside what was paid and is in transit; below zero when too much was.</summary>
    public long DueCentimes => PayableCentimes - SettledCentimes - InTransitCentimes;

    /// <summary>What was paid and proved not to be due, less what was recovered (X7).</summary>
    public long OverpaidCentimes => Math.Max(0, SettledCentimes - PayableCentimes);

    /// <summary>True once its lines were decided.</summary>
    public bool IsJudged => Status >= ClaimStatus.Payable;

    /// <summary>True while a question has to be decided before anything is paid (X1, X4).</summary>
    public bool IsHeld => (Marks & Held) != 0;

    /// <summary>Paid or nothing payable, and nothing owed back.</summary>
    public bool IsClosed => Status is ClaimStatus.Paid or ClaimStatus.NothingPayable && OverpaidCentimes == 0;

    /// <summary>True when nothing is expected to happen to it any more: it leaves memory and a <see cref="PassivatedClaim"/> remains.</summary>
    public bool CanPassivate => IsClosed && !Marks.HasFlag(ClaimMarks.AppealPending);

    /// <summary>A copy that can be changed and leaves this one as it is.</summary>
    internal Claim Copy() => new(Number)
    {
        Status = Status,
        Way = Way,
        AnnouncedMethod = AnnouncedMethod,
        Marks = Marks,
        Items = Items,
        Missing = Missing,
        Provider = Provider,
        DepositedOn = DepositedOn,
        _receivedOn = _receivedOn,
        Payments = Payments,
        Lines = Lines,
        Outcomes = Outcomes,
        SameLines = SameLines,
        SimilarLines = SimilarLines,
        PayableCentimes = PayableCentimes,
        SettledCentimes = SettledCentimes,
    };
}
