using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>A student of a finished case as known on a day: the records up to it, evolved anew.</summary>
internal sealed class CaseHindsight(CaseWorld world, int student, DateOnly day) : ICaseView
{
    public StudentReading Reading { get; } = world.Reading(student).AsKnownOn(day);

    public EntitlementAnswer EntitlementOn(DateOnly asked)
    {
        var reason = Entitlement.On(Reading.Now, asked);
        return new EntitlementAnswer(reason == Reason.None, reason, Entitlement.CertificateUntil(Reading.Now, asked));
    }

    public ClaimAnswer? Claim(ulong number) =>
        Reading.FindClaim(number) is { } claim ? ClaimAnswer.Of(claim) : null;

    public Ledger Account(PartyId party) => world.Account(party, day);
}
