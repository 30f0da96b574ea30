using System.Runtime.InteropServices;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>What one record's events mean to ledgers.</summary>
internal sealed class RecordPostings
{
    private readonly List<Posting> _postings = [];

    public ReadOnlySpan<Posting> All => CollectionsMarshal.AsSpan(_postings);

    /// <summary>A record begins; what one that failed had noted is forgotten.</summary>
    public void Begin() => _postings.Clear();

    /// <summary>Notes what an event means, before it is applied.</summary>
    public void Note(Student student, Claim? claim, Event e)
    {
        if (e is ClaimEvent c)
        {
            if (claim is not null)
                Postings.Of(student.Id, claim, c, _postings);
        }
        else
        {
            Postings.Of(student, (StudentEvent)e, _postings);
        }
    }

    /// <summary>The record remains: what was noted is meant.</summary>
    public void Book(StudentId student, in RecordHeader header)
    {
        if (header.Kind != CommandKind.RecoverOverpayment)
            return;

        // The claim answers a ledger's own command: by its attempt the ledger knows which.
        for (var i = 0; i < _postings.Count; i++)
            _postings[i] = _postings[i] with { Attempt = header.Id.Attempt };
        if (header.Outcome == Outcome.Refused)
            Postings.Refused(student, header.Id, _postings);
    }
}
