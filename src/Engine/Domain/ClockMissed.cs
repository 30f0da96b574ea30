namespace Amoe.Engine.Domain;

/// <summary>
/// Something took longer than the scheme allows; nothing follows from it but that it is counted (X3).
/// </summary>
/// <param name="Days">Days it took; working days of an approval's answer.</param>
/// <param name="AllowedDays">Days it may take.</param>
public sealed record ClockMissed(Clock Clock, int Days, int AllowedDays) : StudentEvent;

/// <summary>The clocks (X3). The numbers are in the journal.</summary>
public enum Clock : byte
{
    None = 0,

    /// <summary>The medical control answers a request for approval, in working days.</summary>
    ApprovalAnswer = 1,

    /// <summary>A provider sends its bill after the last care.</summary>
    ThirdPartyBill = 2,

    /// <summary>The fund pays a provider after it received the claim.</summary>
    ProviderPayment = 3,

    /// <summary>An institution passes a contribution on to the fund after the student paid it.</summary>
    ContributionTransfer = 4,
}
