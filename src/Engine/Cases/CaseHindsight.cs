using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>A finished case as known on a day: the records up to it, evolved anew.</summary>
internal sealed class CaseHindsight(StudentReading reading) : ICaseView
{
    public StudentReading Reading => reading;

    public EntitlementAnswer EntitlementOn(DateOnly day)
    {
        var reason = Entitlement.On(reading.Now, day);
        return new EntitlementAnswer(reason == Reason.None, reason, Entitlement.CertificateUntil(reading.Now, day));
    }

    public ClaimAnswer? Claim(ulong number) =>
        reading.FindClaim(number) is { } claim ? ClaimAnswer.Of(claim) : null;

    public IEnumerable<Event> Events() => reading.Entries.SelectMany(entry => entry.Events);
}
