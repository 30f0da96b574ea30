namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// The answer to a command to a student by which claims judged before came to stand otherwise (S5): somebody has to order payment, to decide what holds them, or to
/// claim back what was overpaid. A claim whose payment is in transit is ordered once that is confirmed.
/// </summary>
public sealed record ClaimsRevised(RevisedClaim[] Claims)
{
    /// <summary>What a record's events say, live or read from the journal; null where no claim came to stand otherwise by a fact about its student.</summary>
    /// <param name="kind">What was decided.</param>
    public static ClaimsRevised? Of(CommandKind kind, IReadOnlyList<Event> events)
    {
        if (!MayAnswer(kind))
            return null;
        List<RevisedClaim>? claims = null;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ClaimEvent e && Now(e) is not Revision.None and var now)
                (claims ??= []).Add(new RevisedClaim(e.Claim, now, e is OverpaymentRaised raised ? raised.Payee : Payee.None));
        }

        return claims is null ? null : new ClaimsRevised([.. claims]);
    }

    /// <summary>True for what is said of a student. A command to a claim is answered with what became of that claim.</summary>
    public static bool MayAnswer(CommandKind kind) => kind < CommandKind.DepositClaim;

    private static Revision Now(ClaimEvent e) => e switch
    {
        ClaimRevised { DueCentimes: > 0 } => Revision.Payable,
        ClaimHeld held => held.AsDuplicate ? Revision.HeldAsDuplicate : Revision.HeldForReview,
        OverpaymentRaised => Revision.Overpaid,
        _ => Revision.None,
    };
}

/// <param name="Claim">The sheet number.</param>
/// <param name="Now">What is to be done.</param>
/// <param name="Payee">The student of a third-party claim where he was paid too much (B11); none: whom the claim's way says.</param>
public readonly record struct RevisedClaim(ulong Claim, Revision Now, Payee Payee = Payee.None);

/// <summary>What a revised claim asks for.</summary>
public enum Revision : byte
{
    None = 0,

    /// <summary>Something, or more, is to be paid.</summary>
    Payable = 1,

    /// <summary>It has to be decided first whether lines were claimed before (X1).</summary>
    HeldAsDuplicate = 2,

    /// <summary>A physician has to look at it first (X4).</summary>
    HeldForReview = 3,

    /// <summary>Too much was paid (X7).</summary>
    Overpaid = 4,
}
