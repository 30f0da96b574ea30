namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// The answer to a command to a student by which claims judged before became payable, or more of them did (S5): somebody has to order their
/// payment. One whose payment is in transit is ordered once that is confirmed.
/// </summary>
/// <param name="Claims">Their sheet numbers.</param>
public sealed record ClaimsPayable(ulong[] Claims)
{
    /// <summary>What a record's events say, live or read from the journal; null where no claim became payable by a late fact.</summary>
    public static ClaimsPayable? Of(IReadOnlyList<Event> events)
    {
        List<ulong>? claims = null;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ClaimRevised { Cause: RevisionCause.LateFact, DueCentimes: > 0 } revised)
                (claims ??= []).Add(revised.Claim);
        }

        return claims is null ? null : new ClaimsPayable([.. claims]);
    }
}
