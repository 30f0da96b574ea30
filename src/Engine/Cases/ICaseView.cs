using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Cases;

/// <summary>What an expectation asks of a played case: all that is known, or what was known on a day.</summary>
internal interface ICaseView
{
    /// <summary>The records of the student asked about.</summary>
    StudentReading Reading { get; }

    EntitlementAnswer EntitlementOn(DateOnly day);

    /// <summary>The claim, or null when there is none of this number.</summary>
    ClaimAnswer? Claim(ulong number);

    IEnumerable<Event> Events() => Reading.Entries.SelectMany(entry => entry.Events);

    /// <summary>The ledger of an institution or a provider; an empty one where nothing was booked to it.</summary>
    Ledger Account(PartyId party);
}
