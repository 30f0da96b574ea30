using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;

namespace Amoe.Engine.Actors;

/// <summary>A student's actor in its shard, with the actors of his open claims and what remains of the closed ones.</summary>
internal sealed class StudentCell(StudentId id) : Student(id)
{
    /// <summary>Commands decided before: the same command again is answered from here.</summary>
    public ReceiptBook Receipts;

    public OpenClaim[] OpenClaims { get; private set; } = [];

    public ClosedClaim[] ClosedClaims { get; private set; } = [];

    /// <summary>Events the student has had: his sequence number.</summary>
    public int EventCount { get; set; }

    /// <summary>When the shard's calendar looks at him next.</summary>
    public DateOnly LooksAgainOn { get; set; } = DateOnly.MaxValue;

    public Standing Standing { get; set; }

    /// <summary>True while the journal has nothing of him.</summary>
    public bool IsBlank => Receipts.Bytes.IsEmpty && EventCount == 0;

    public bool HasClaims => OpenClaims.Length + ClosedClaims.Length > 0;

    /// <summary>True when his history cannot be replayed: the shard's list says why.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>Reads what a decision will read first, and nothing that depends on it.</summary>
    public int Touch() => Receipts.Bytes.Length + OpenClaims.Length + (Insurance is { Rights.Length: var rights } ? rights : 0);

    public Claim? FindOpen(ulong number)
    {
        foreach (var open in OpenClaims)
        {
            if (open.Claim.Number == number)
                return open.Claim;
        }

        return null;
    }

    public ClosedClaim? FindClosed(ulong number)
    {
        foreach (var closed in ClosedClaims)
        {
            if (closed.Number == number)
                return closed;
        }

        return null;
    }

    public Claim Open(ulong number, long depositOffset) => Open(new Claim(number), depositOffset, 0);

    public Claim Open(Claim claim, long depositOffset, ushort eventCount)
    {
        OpenClaims = [.. OpenClaims, new OpenClaim(claim, depositOffset, eventCount)];
        return claim;
    }

    /// <summary>The claim's next sequence number.</summary>
    public int CountEvent(ulong number)
    {
        for (var i = 0; i < OpenClaims.Length; i++)
        {
            if (OpenClaims[i].Claim.Number == number)
                return OpenClaims[i].EventCount++;
        }

        throw new InvalidOperationException($"claim {number} of student {Id} has an event and no actor");
    }

    /// <summary>Claims that closed leave as actors and remain as compact records.</summary>
    public int Compact()
    {
        var left = 0;
        for (var i = 0; i < OpenClaims.Length; i++)
        {
            var open = OpenClaims[i];
            if (!open.Claim.IsAtRest)
                continue;
            ClosedClaims = [.. ClosedClaims, new ClosedClaim(open.Claim, checked((uint)open.DepositOffset), open.EventCount)];
            OpenClaims = OpenClaims.Length == 1 ? [] : [.. OpenClaims[..i], .. OpenClaims[(i + 1)..]];
            i--;
            left++;
        }

        return left;
    }

    /// <summary>A closed claim returns as an actor, with the state its journal gives it.</summary>
    public void Return(in ClosedClaim closed, Claim claim)
    {
        var index = Array.IndexOf(ClosedClaims, closed);
        ClosedClaims = [.. ClosedClaims[..index], .. ClosedClaims[(index + 1)..]];
        Open(claim, closed.DepositOffset, closed.EventCount);
    }

    public void Restore(ClosedClaim[] closed) => ClosedClaims = closed;
}

/// <summary>A claim that is an actor now.</summary>
internal struct OpenClaim(Claim claim, long depositOffset, ushort eventCount)
{
    public readonly Claim Claim = claim;

    /// <summary>The shard's record in which it was deposited.</summary>
    public readonly long DepositOffset = depositOffset;

    /// <summary>Events it has had: its sequence number.</summary>
    public ushort EventCount = eventCount;
}
