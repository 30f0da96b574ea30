namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// What a claim comes to for one of its payees, and what he was paid of it: what one is due never makes good what the
/// other owes (B11, X7).
/// </summary>
/// <param name="PayableCentimes">The sum of his parts of the lines.</param>
/// <param name="SettledCentimes">Confirmed payments and set-offs, less payments that came back and recoveries.</param>
/// <param name="InTransitCentimes">Ordered and not confirmed.</param>
public readonly record struct PayeeAccount(long PayableCentimes, long SettledCentimes, long InTransitCentimes)
{
    /// <summary>What is to be paid beside what was paid and is in transit.</summary>
    public long DueCentimes => Math.Max(0, PayableCentimes - SettledCentimes - InTransitCentimes);

    /// <summary>What was paid and proved not to be due, less what was recovered (X7).</summary>
    public long OverpaidCentimes => Math.Max(0, SettledCentimes - PayableCentimes);

    /// <summary>Part of what is in transit and proved not to be due: overpaid once it is confirmed.</summary>
    public long InTransitNotDueCentimes =>
        Math.Max(0, SettledCentimes + InTransitCentimes - PayableCentimes) - OverpaidCentimes;
}
