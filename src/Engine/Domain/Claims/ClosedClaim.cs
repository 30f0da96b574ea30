namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// What remains of a claim in its student's cell once nothing more is expected to happen to it: enough to answer its status and to find
/// its detail in the journal, should it be judged again (design decision 6).
/// </summary>
/// <param name="Number">The sheet number.</param>
/// <param name="DepositOffset">The shard's record in which it was deposited: where its history begins.</param>
/// <param name="PayableCentimes">The sum of its lines.</param>
/// <param name="DepositedOn">The day of deposit.</param>
/// <param name="EventCount">How many events it has had: its sequence number goes on from here when it returns.</param>
/// <param name="Status">How it ended.</param>
public readonly record struct ClosedClaim(ulong Number, uint DepositOffset, uint PayableCentimes, DateOnly DepositedOn, ushort EventCount, ClaimStatus Status);
