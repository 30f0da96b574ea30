namespace Amoe.Engine.Journal;

/// <summary>How far a journal's opening balances have come (docs/adr/0017-opening-balances.md).</summary>
public enum OpeningPhase : byte
{
    /// <summary>It has none, and days are opened by the calendar.</summary>
    None = 0,

    /// <summary>They are taken, and no business day opens.</summary>
    Begun = 1,

    /// <summary>They were reconciled, and are never taken again.</summary>
    Closed = 2,
}

/// <summary>A phase of opening balances begins.</summary>
/// <param name="Day">The last day opened; the default before the first.</param>
public sealed record OpeningMarked(OpeningPhase Phase, DateOnly Day);
