namespace Amoe.Engine.Vocabulary;

/// <summary>
/// Why studies are interrupted (S3). Which of them excuse is a rulebook parameter. The numbers are in the journal.
/// </summary>
public enum InterruptionReason : byte
{
    /// <summary>None was given: it excuses nothing.</summary>
    None = 0,

    Illness = 1,
    Pregnancy = 2,
    TrafficAccident = 3,
    TemporaryAdministrativeDecision = 4,
    ReferralToCourts = 5,
    Work = 6,
    Travel = 7,
    Personal = 8,
}
