namespace Amoe.Engine.Domain.Claims;

/// <summary>A file was deposited: its content as stated (K6).</summary>
/// <param name="Items">What the file had.</param>
public sealed record ClaimDeposited(
    ulong Claim, ClaimWay Way, int Desk, int Provider, FileItems Items, DateOnly On, ClaimLine[] Lines) : ClaimEvent(Claim)
{
    public bool Equals(ClaimDeposited? other) =>
        other is not null && Claim == other.Claim && Way == other.Way && Desk == other.Desk && Provider == other.Provider
        && Items == other.Items && On == other.On && Lines.AsSpan().SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Claim, Items, On);
}

/// <summary>The file was sent back with every missing item named (K5).</summary>
public sealed record ClaimReturned(ulong Claim, FileItems Missing) : ClaimEvent(Claim);

/// <summary>Missing items were brought. The file may be complete now, or returned again.</summary>
public sealed record ClaimCompleted(ulong Claim, FileItems Items) : ClaimEvent(Claim);

/// <summary>The fund has the file.</summary>
public sealed record ClaimReceived(ulong Claim, DateOnly On) : ClaimEvent(Claim);

/// <summary>Every line was decided: accepted, accepted in part, or refused with its reason (B1-B12, K3).</summary>
/// <param name="Method">How it will be paid (K8); none when nothing is.</param>
public sealed record ClaimAdjudicated(ulong Claim, PaymentMethod Method, LineOutcome[] Outcomes) : ClaimEvent(Claim)
{
    /// <summary>The sum of the lines.</summary>
    public long PayableCentimes
    {
        get
        {
            var sum = 0L;
            foreach (var outcome in Outcomes)
                sum += outcome.AmountCentimes;
            return sum;
        }
    }

    public bool Equals(ClaimAdjudicated? other) =>
        other is not null && Claim == other.Claim && Method == other.Method && Outcomes.AsSpan().SequenceEqual(other.Outcomes);

    public override int GetHashCode() => HashCode.Combine(Claim, Method, PayableCentimes);
}

/// <summary>Payment of the claim was ordered (K8), in the run of a day.</summary>
public sealed record PaymentOrdered(ulong Claim, long AmountCentimes, DateOnly On) : ClaimEvent(Claim);

/// <summary>The payment was made.</summary>
public sealed record PaymentMade(ulong Claim, long AmountCentimes, DateOnly On) : ClaimEvent(Claim);

// In the catalogue; nothing emits them yet.

/// <summary>Held for review by a physician (X4) or as a possible duplicate (X1).</summary>
public sealed record ClaimHeld(ulong Claim, bool AsDuplicate) : ClaimEvent(Claim);

/// <summary>The review or the question of the duplicate was decided.</summary>
public sealed record ClaimReleased(ulong Claim, bool Granted) : ClaimEvent(Claim);

/// <summary>A refused claim was appealed, once (X5).</summary>
public sealed record ClaimAppealed(ulong Claim) : ClaimEvent(Claim);

/// <summary>The appeal was decided.</summary>
public sealed record AppealDecided(ulong Claim, bool Granted) : ClaimEvent(Claim);

/// <summary>The payment came back: payable again (X6).</summary>
public sealed record PaymentReturned(ulong Claim, long AmountCentimes) : ClaimEvent(Claim);

/// <summary>A returned payment was ordered again (X6), in the run of a day.</summary>
public sealed record PaymentReissued(ulong Claim, long AmountCentimes, DateOnly On) : ClaimEvent(Claim);

/// <summary>What was paid proved not to be due: owed by whoever was paid (S5, X7).</summary>
public sealed record OverpaymentRaised(ulong Claim, long AmountCentimes) : ClaimEvent(Claim);

/// <summary>An overpayment was recovered, in whole or in part (X7).</summary>
public sealed record OverpaymentRecovered(ulong Claim, long AmountCentimes) : ClaimEvent(Claim);

/// <summary>A claim wrongly refused is to be judged again (S5).</summary>
public sealed record ClaimReopened(ulong Claim) : ClaimEvent(Claim);
