using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Actors;

/// <summary>What the journal, the turns in flight and the turn being decided have of an actor.</summary>
internal interface IActorHistory
{
    /// <summary>A student's cell, replayed.</summary>
    StudentCell Rebuild(StudentId student);

    /// <summary>A closed claim with all its detail, replayed; null when the journal does not have it.</summary>
    Claim? LoadClaim(StudentId student, in ClosedClaim closed);

    /// <summary>Which claims a command came to let stand otherwise, as it was answered the first time; null where it was none.</summary>
    ClaimsRevised? LoadRevised(StudentId student, CommandId command);
}
