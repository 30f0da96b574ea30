using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// A prior approval, or a clinic's cover, with a life of its own: requested, granted or refused, used, lapsed (B10,
/// K2).
/// </summary>
/// <param name="Reference">The reference of the request.</param>
/// <param name="Asked">Units asked for.</param>
/// <param name="RequestedOn">The day of the request; null where that is not known.</param>
public sealed record Approval(ulong Reference, Act Act, int Asked, DateOnly? RequestedOn)
{
    /// <summary>
    /// The decisions on record, all with the same first day, in the order in which they were learnt: the last one holds
    /// (T7).
    /// </summary>
    public ApprovalDecision[] Decisions { get; init; } = [];

    /// <summary>The claims that have units of it, by their numbers.</summary>
    public ApprovalTaker[] Takers { get; init; } = [];

    /// <summary>True once it ran out before it was used up.</summary>
    public bool HasLapsed { get; init; }

    public ApprovalState State => Holding switch
    {
        null => ApprovalState.Requested,
        { Units: 0 } => ApprovalState.Refused,
        _ => HasLapsed ? ApprovalState.Lapsed : ApprovalState.Granted,
    };

    /// <summary>The decision that holds; null while there is none.</summary>
    public ApprovalDecision? Holding => Decisions is [.., var last] ? last : null;

    /// <summary>Units granted; 0 while it is not decided, or refused.</summary>
    public int Units => Holding?.Units ?? 0;

    /// <summary>Units that claims have.</summary>
    public int Used
    {
        get
        {
            var units = 0;
            foreach (var taker in Takers)
                units += taker.Units;
            return units;
        }
    }

    /// <summary>True when it has units for care of a day.</summary>
    /// <param name="emergency">True when the care may come before its first day (K2).</param>
    public bool IsInForce(DateOnly care, bool emergency) =>
        Holding is { Units: > 0 } held && (held.From <= care || emergency) && !(held.Until < care);

    /// <summary>The units a claim has.</summary>
    public int TakenBy(ulong claim)
    {
        var at = Array.FindIndex(Takers, taker => taker.Claim == claim);
        return at < 0 ? 0 : Takers[at].Units;
    }

    /// <summary>The same with other units for a claim.</summary>
    internal Approval With(ulong claim, int units)
    {
        var (before, after) = (Array.FindAll(Takers, taker => taker.Claim < claim),
            Array.FindAll(Takers, taker => taker.Claim > claim));
        return this with
        {
            Takers = units > 0 ? [.. before, new ApprovalTaker(claim, units), .. after] : [.. before, .. after]
        };
    }
}

/// <summary>A decision of the medical control on a request.</summary>
/// <param name="Number">
/// Its number among all decisions on the student's requests, in the order in which they were learnt.
/// </param>
/// <param name="Units">Units granted; 0 is a refusal.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day; null where the approval has no end.</param>
public readonly record struct ApprovalDecision(int Number, int Units, DateOnly From, DateOnly? Until);

/// <summary>A claim that has units of an approval.</summary>
public readonly record struct ApprovalTaker(ulong Claim, int Units);

/// <summary>The status of an approval. The numbers are in snapshots.</summary>
public enum ApprovalState : byte
{
    None = 0,
    Requested = 1,
    Granted = 2,
    Refused = 3,
    Lapsed = 4,
}
