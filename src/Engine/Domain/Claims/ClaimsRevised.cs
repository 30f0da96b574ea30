namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// The answer to a command by which claims judged before came to stand otherwise (S5): somebody has to order payment, to decide what holds them, or to
/// claim back what was overpaid. A claim whose payment is in transit is ordered once that is confirmed.
/// </summary>
public sealed record ClaimsRevised(RevisedClaim[] Claims);

/// <param name="Claim">The sheet number.</param>
/// <param name="Now">What is to be done.</param>
public readonly record struct RevisedClaim(ulong Claim, Revision Now);

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
