using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>A student of a finished case as all is known: asked as of a live host, on the last day.</summary>
internal sealed class CasePresent(CaseWorld world, int student) : ICaseView
{
    public StudentReading Reading => world.Reading(student);

    public EntitlementAnswer EntitlementOn(DateOnly day) =>
        (EntitlementAnswer)world.Send(new AskEntitlement(Id, day, world.Today)).Answer!;

    public ClaimAnswer? Claim(ulong number) =>
        world.Send(new AskClaim(Id, number, world.Today)).Answer is ClaimAnswer { Status: not ClaimStatus.None } claim
            ? claim
            : null;

    public Ledger Account(PartyId party) => world.Account(party, world.Today);

    private StudentId Id => new((ulong)student);
}
