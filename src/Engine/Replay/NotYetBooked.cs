using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Replay;

/// <summary>
/// Postings of students and claims that no ledger has booked yet: they are booked when the party's partition opens its
/// next day.
/// </summary>
public readonly record struct NotYetBooked(PartySums Institutions, PartySums PaymentRuns, PartySums Providers)
{
    internal NotYetBooked With(in Posting posting) => posting.Party.Kind switch
    {
        PartyKind.Institution => this with { Institutions = Institutions.With(posting) },
        PartyKind.PaymentRun => this with { PaymentRuns = PaymentRuns.With(posting) },
        PartyKind.Provider => this with { Providers = Providers.With(posting) },
        _ => this,
    };
}
