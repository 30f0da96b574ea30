using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>What was read back from the journal of one aggregate's own records.</summary>
internal interface IReadBack
{
    /// <summary>A passivated claim with all its detail; null when it was not read.</summary>
    Claim? Find(StudentId student, in PassivatedClaim claim);

    /// <summary>
    /// The claims a command revised, as it was answered the first time; false when its record was not read.
    /// </summary>
    bool TryFindRevised(StudentId student, CommandId command, out ClaimsRevised? revised);
}

/// <summary>A record, or the records of a claim, without which a command cannot be decided.</summary>
/// <param name="Claim">The passivated claim; null where it is a command's own record.</param>
/// <param name="Command">The command whose first answer is needed.</param>
internal readonly record struct Need(PassivatedClaim? Claim, CommandId Command)
{
    public static Need Of(in PassivatedClaim claim) => new(claim, default);

    public static Need Of(CommandId command) => new(null, command);
}
