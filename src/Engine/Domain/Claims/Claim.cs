namespace Amoe.Engine.Domain.Claims;

/// <summary>An open claim. Changed by <see cref="ClaimEvolver"/> alone.</summary>
public sealed class Claim(ulong number)
{
    private DateOnly _receivedOn;

    /// <summary>The sheet number.</summary>
    public ulong Number { get; } = number;

    public ClaimStatus Status { get; internal set; }

    public ClaimWay Way { get; internal set; }

    public PaymentMethod Method { get; internal set; }

    public FileItems Items { get; internal set; }

    public FileItems Missing { get; internal set; }

    /// <summary>The payee of a third-party claim.</summary>
    public int Provider { get; internal set; }

    public DateOnly DepositedOn { get; internal set; }

    /// <summary>The day the fund received it; null before.</summary>
    public DateOnly? ReceivedOn
    {
        get => _receivedOn == default ? null : _receivedOn;
        internal set => _receivedOn = value ?? default;
    }

    /// <summary>The day of the payment run that last ordered it: a payment is confirmed, and comes back, to the run it was ordered in.</summary>
    public DateOnly OrderedOn { get; internal set; }

    /// <summary>How that run paid it.</summary>
    public PaymentMethod OrderedBy { get; internal set; }

    public ClaimLine[] Lines { get; internal set; } = [];

    /// <summary>What was decided on each line; empty before adjudication.</summary>
    public LineOutcome[] Outcomes { get; internal set; } = [];

    /// <summary>The sum of the lines' amounts.</summary>
    public long PayableCentimes { get; internal set; }

    /// <summary>What was paid and proved not to be due, less what was recovered (X7).</summary>
    public long OverpaidCentimes { get; internal set; }

    /// <summary>True when nothing is expected to happen to it any more: its actor leaves and a <see cref="ClosedClaim"/> remains.</summary>
    public bool IsClosed => Status is ClaimStatus.Paid or ClaimStatus.NothingPayable && OverpaidCentimes == 0;
}
