namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Names the claims, adjudicated before, that a command to their student or to another claim revised (S5, B6): a
/// payment has to be ordered, a question decided, or an overpayment recovered. A claim whose payment is in transit is
/// ordered once that is confirmed.
/// </summary>
public sealed record ClaimsRevised(RevisedClaim[] Claims)
{
    /// <summary>
    /// What a record's events say, live or read from the journal; null where no claim was revised but the command's
    /// own.
    /// </summary>
    /// <param name="command">What was decided. What became of the claim it is for is its outcome.</param>
    public static ClaimsRevised? Of(CommandId command, IReadOnlyList<Event> events)
    {
        if (!MayAnswer(command.Kind))
            return null;
        ulong? own = IsToStudent(command.Kind) ? null : command.Reference;
        List<RevisedClaim>? claims = null;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ClaimEvent e && e.Claim != own && Now(e) is not Revision.None and var now)
                (claims ??= []).Add(
                    new RevisedClaim(e.Claim, now, e is OverpaymentRaised raised ? raised.Payee : Payee.None));
        }

        return claims is null ? null : new ClaimsRevised([.. claims]);
    }

    /// <summary>
    /// True for a command that may revise claims other than its own: what is said of a student, and what adds or
    /// removes a prosthesis. No other command to a claim tells its siblings anything.
    /// </summary>
    public static bool MayAnswer(CommandKind kind) =>
        IsToStudent(kind) || kind is CommandKind.ReceiveClaim or CommandKind.ResolveDuplicate;

    private static bool IsToStudent(CommandKind kind) => kind < CommandKind.DepositClaim;

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
/// <param name="Payee">
/// The student of a third-party claim where he was paid too much (B11); none: the claim's own payee.
/// </param>
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
