namespace Amoe.Engine.Domain.Claims;

/// <summary>A file was deposited: its content as stated (K6).</summary>
/// <param name="Items">What the file had.</param>
public sealed record ClaimDeposited(
    ulong Claim, ClaimWay Way, int Desk, int Provider, FileItems Items, DateOnly On,
    ClaimLine[] Lines) : ClaimEvent(Claim)
{
    public bool Equals(ClaimDeposited? other) =>
        other is not null
            && Claim == other.Claim
            && Way == other.Way
            && Desk == other.Desk
            && Provider == other.Provider
        && Items == other.Items && On == other.On && Lines.AsSpan().SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Claim, Items, On);
}

/// <summary>The file was sent back with every missing item named (K5).</summary>
public sealed record ClaimReturned(ulong Claim, FileItems Missing) : ClaimEvent(Claim);

/// <summary>Missing items were brought. The file may be complete now, or returned again.</summary>
/// <param name="Lines">
/// Every line, with the prices and descriptions that were brought; empty where no line changes.
/// </param>
public sealed record ClaimCompleted(ulong Claim, FileItems Items, ClaimLine[]? Lines = null) : ClaimEvent(Claim)
{
    public ClaimLine[] Lines { get; init; } = Lines ?? [];

    public bool Equals(ClaimCompleted? other) =>
        other is not null && Claim == other.Claim && Items == other.Items && Lines.AsSpan().SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Claim, Items, Lines.Length);
}

/// <summary>The fund has the file.</summary>
public sealed record ClaimReceived(ulong Claim, DateOnly On) : ClaimEvent(Claim);

/// <summary>Every line was decided: accepted, accepted in part, or refused with its reason (B1-B12, K3).</summary>
/// <param name="SharedLines">
/// Lines of a third-party claim of which the student bears his share, a bit each; 0 in journals that do not say it
/// (B11).
/// </param>
public sealed record ClaimAdjudicated(ulong Claim, LineOutcome[] Outcomes, uint SharedLines = 0) : ClaimEvent(Claim)
{
    /// <summary>How a journal of the first version says that it will be paid: its orders of payment do not.</summary>
    internal PaymentMethod AnnouncedMethod { get; init; }

    public bool Equals(ClaimAdjudicated? other) =>
        other is not null
            && Claim == other.Claim
            && AnnouncedMethod == other.AnnouncedMethod
            && SharedLines == other.SharedLines
        && Outcomes.AsSpan().SequenceEqual(other.Outcomes);

    public override int GetHashCode() => HashCode.Combine(Claim, AnnouncedMethod, Outcomes.Length);
}

/// <summary>Payment of the claim was ordered (K8), in the run of a day.</summary>
/// <param name="Method">How it goes out; none in journals of the first version, where the claim has it.</param>
/// <param name="Payment">
/// Its number within the claim, from 1; 0 in journals of the first version, where it is the next one.
/// </param>
/// <param name="Payee">The student of a third-party claim (B11); none: the claim's own payee.</param>
public sealed record PaymentOrdered(
    ulong Claim, long AmountCentimes, DateOnly On, PaymentMethod Method = PaymentMethod.None, int Payment = 0,
    Payee Payee = Payee.None) : ClaimEvent(Claim);

/// <summary>The payment was made.</summary>
/// <param name="Payment">Its number; 0 in journals of the first version, where it is the one in transit.</param>
public sealed record PaymentMade(ulong Claim, long AmountCentimes, DateOnly On, int Payment = 0) : ClaimEvent(Claim);

/// <summary>
/// Lines were found among those claimed before, or look like them but for the amount (X1): a bit per line, the first
/// line's the lowest.
/// </summary>
/// <param name="SameLines">The same provider, date of care, act and amount.</param>
/// <param name="SimilarLines">The same but for the amount.</param>
public sealed record DuplicatesFound(ulong Claim, uint SameLines, uint SimilarLines) : ClaimEvent(Claim);

/// <summary>Held for review by a physician (X4) or as a possible duplicate (X1).</summary>
public sealed record ClaimHeld(ulong Claim, bool AsDuplicate) : ClaimEvent(Claim);

/// <summary>The review or the question of the duplicate was decided.</summary>
public sealed record ClaimReleased(ulong Claim, bool Granted) : ClaimEvent(Claim);

/// <summary>
/// What was decided on the lines is decided differently: it says all that changes, so that sums need no look at the
/// state before.
/// </summary>
/// <param name="DueCentimes">
/// What is to be paid now beside what was paid or is in transit; 0 where nothing is, or where a question comes first.
/// </param>
/// <param name="Former">What had been decided on each line.</param>
/// <param name="Outcomes">What is decided now.</param>
public sealed record ClaimRevised(
    ulong Claim, RevisionCause Cause, long DueCentimes, LineOutcome[] Former,
    LineOutcome[] Outcomes) : ClaimEvent(Claim)
{
    /// <summary>As of <see cref="ClaimAdjudicated"/>.</summary>
    internal PaymentMethod AnnouncedMethod { get; init; }

    public bool Equals(ClaimRevised? other) =>
        other is not null
            && Claim == other.Claim
            && Cause == other.Cause
            && AnnouncedMethod == other.AnnouncedMethod
            && DueCentimes == other.DueCentimes
        && Former.AsSpan().SequenceEqual(other.Former) && Outcomes.AsSpan().SequenceEqual(other.Outcomes);

    public override int GetHashCode() => HashCode.Combine(Claim, Cause, AnnouncedMethod, DueCentimes);
}

/// <summary>A claim was appealed, once (X5).</summary>
public sealed record ClaimAppealed(ulong Claim) : ClaimEvent(Claim);

/// <summary>The appeal was decided. One that is granted is followed by what it changes.</summary>
public sealed record AppealDecided(ulong Claim, bool Granted) : ClaimEvent(Claim);

/// <summary>An operator had the claim judged again (S5). It is followed by what it changes.</summary>
public sealed record ClaimReopened(ulong Claim) : ClaimEvent(Claim);

/// <summary>A payment came back (X6).</summary>
/// <param name="WasConfirmed">True when it had been confirmed; false for one that was still in transit.</param>
/// <param name="Payment">
/// Its number; 0 in journals of the first version, where it is the last one confirmed, or the one in transit.
/// </param>
public sealed record PaymentReturned(ulong Claim, long AmountCentimes, bool WasConfirmed, int Payment = 0)
    : ClaimEvent(Claim);

/// <summary>
/// What is due on a claim whose payment came back was ordered again (X6), in the run of a day: to the account on record
/// then.
/// </summary>
/// <param name="Method">As of <see cref="PaymentOrdered"/>.</param>
/// <param name="Payment">As of <see cref="PaymentOrdered"/>.</param>
/// <param name="Payee">As of <see cref="PaymentOrdered"/>.</param>
public sealed record PaymentReissued(
    ulong Claim, long AmountCentimes, DateOnly On, PaymentMethod Method = PaymentMethod.None, int Payment = 0,
    Payee Payee = Payee.None) : ClaimEvent(Claim);

/// <summary>
/// Instead of being paid out to the student, an amount settles what he owes back on another claim (X7).
/// </summary>
/// <param name="Debtor">The other claim: an <see cref="OverpaymentRecovered"/> of it follows.</param>
public sealed record PaymentSetOff(ulong Claim, long AmountCentimes, ulong Debtor) : ClaimEvent(Claim);

/// <summary>What was paid proved not to be due: owed by the payee (S5, X7).</summary>
/// <param name="Payee">As of <see cref="PaymentOrdered"/>.</param>
public sealed record OverpaymentRaised(ulong Claim, long AmountCentimes, Payee Payee = Payee.None) : ClaimEvent(Claim);

/// <summary>
/// An overpayment was made good by a later fact, or by a payment that came back, before it was recovered (X7).
/// </summary>
/// <param name="Payee">As of <see cref="PaymentOrdered"/>.</param>
public sealed record OverpaymentCancelled(ulong Claim, long AmountCentimes, Payee Payee = Payee.None)
    : ClaimEvent(Claim);

/// <summary>An overpayment was recovered, in whole or in part (X7).</summary>
/// <param name="BySetOff">True when it was kept back from the payment of another claim.</param>
/// <param name="Payee">As of <see cref="PaymentOrdered"/>.</param>
public sealed record OverpaymentRecovered(ulong Claim, long AmountCentimes, bool BySetOff, Payee Payee = Payee.None)
    : ClaimEvent(Claim);

/// <summary>
/// A closed claim acts again: its whole state as it closed, so that a replay never has to look back for it. Only what
/// happens to it then follows.
/// </summary>
/// <param name="SettledCentimes">With both payees.</param>
/// <param name="SharedLines">As of <see cref="ClaimAdjudicated"/>.</param>
/// <param name="RefundSettledCentimes">Of what was settled, that with the student of a third-party claim.</param>
public sealed record ClaimRecalled(
    ulong Claim, ClaimWay Way, FileItems Items, int Provider, DateOnly DepositedOn, DateOnly? ReceivedOn,
    ClaimMarks Marks,
    uint SameLines, uint SimilarLines, long SettledCentimes, Payment[] Payments, ClaimLine[] Lines,
    LineOutcome[] Outcomes,
    uint SharedLines = 0, long RefundSettledCentimes = 0) : ClaimEvent(Claim)
{
    /// <summary>As of <see cref="ClaimAdjudicated"/>.</summary>
    internal PaymentMethod AnnouncedMethod { get; init; }

    public bool Equals(ClaimRecalled? other) =>
        other is not null
            && Claim == other.Claim
            && Way == other.Way
            && AnnouncedMethod == other.AnnouncedMethod
            && Items == other.Items
        && Provider == other.Provider
        && DepositedOn == other.DepositedOn
        && ReceivedOn == other.ReceivedOn
        && Marks == other.Marks
        && SameLines == other.SameLines
        && SimilarLines == other.SimilarLines
        && SettledCentimes == other.SettledCentimes
        && SharedLines == other.SharedLines && RefundSettledCentimes == other.RefundSettledCentimes
        && Payments.AsSpan().SequenceEqual(other.Payments)
        && Lines.AsSpan().SequenceEqual(other.Lines)
        && Outcomes.AsSpan().SequenceEqual(other.Outcomes);

    public override int GetHashCode() => HashCode.Combine(Claim, DepositedOn, SettledCentimes);
}
