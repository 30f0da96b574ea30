using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>
/// A student with his claims: one unit of consistency. Holds his open claims whole, of passivated ones what finds their
/// records, and how every command was answered. Events change it and nothing else does; <see cref="Conversation"/>
/// decides them.
/// </summary>
/// <remarks>Not sealed: a partition keeps what it needs beside the aggregate in the same object.</remarks>
internal class StudentAggregate(StudentId id) : Student(id)
{
    /// <summary>Commands decided before: the same command again is answered from here.</summary>
    public ReceiptBook Receipts;

    /// <summary>Claims with nothing left to happen, out of memory but for this.</summary>
    public PassivatedClaims PassivatedClaims;

    /// <summary>Claims in memory.</summary>
    public OpenClaims OpenClaims { get; private set; }

    /// <summary>Events the student has had: his sequence number.</summary>
    public int LastSequenceNr { get; set; }

    /// <summary>True while nothing of the student was ever decided.</summary>
    public bool IsBlank => Receipts.Bytes.IsEmpty && LastSequenceNr == 0;

    /// <summary>
    /// False when a command that was decided before has revised no claim but its own. A command to a claim revises
    /// others by a prosthesis only: of the usual claim no record is read for a repeated command.
    /// </summary>
    public bool MayHaveRevised(Command command)
    {
        if (command is not ClaimCommand c)
            return OpenClaims.Length > 0 || !PassivatedClaims.IsEmpty;
        var (isOwn, isOther) = (false, false);
        foreach (var open in OpenClaims)
        {
            if (Array.Exists(open.Lines, line => Repeats.IsProsthesis(line.Act)))
                (isOwn, isOther) = (isOwn || open.Number == c.Claim, isOther || open.Number != c.Claim);
        }

        foreach (var passivated in PassivatedClaims)
        {
            if (passivated.HasProsthesis)
                (isOwn, isOther) = (isOwn || passivated.Number == c.Claim, isOther || passivated.Number != c.Claim);
        }

        return isOwn && isOther;
    }

    public Claim? FindOpen(ulong number) => OpenClaims.Find(number);

    /// <summary>
    /// The claim an event is about: opened by its deposit, reactivated by the event that restates it. Null for an event
    /// of the student.
    /// </summary>
    /// <exception cref="InvalidOperationException">The claim was never deposited.</exception>
    public Claim? ClaimOf(Event e)
    {
        if (e is not ClaimEvent c)
            return null;
        if (FindOpen(c.Claim) is { } open)
            return open;
        var claim = new Claim(c.Claim);
        if (c is ClaimRecalled && PassivatedClaims.TryFind(c.Claim, out var passivated))
            Reactivate(passivated, claim);
        else if (c is ClaimDeposited)
            Open(claim);
        else
            throw new InvalidOperationException($"claim {c.Claim} has a {c.GetType().Name} and was never deposited");
        return claim;
    }

    /// <summary>Applies the events of a history, which need no rulebook.</summary>
    public void Apply(IEnumerable<Event> events)
    {
        foreach (var e in events)
        {
            if (ClaimOf(e) is { } claim)
                ClaimEvolver.Evolve(claim, (ClaimEvent)e);
            else if (e is StudentEvent s)
                StudentEvolver.Evolve(this, s);
        }
    }

    /// <summary>Applies one event to the student or the claim it is about.</summary>
    /// <param name="claim">What <see cref="ClaimOf"/> says.</param>
    public void Apply(Event e, Claim? claim, IActorLogic logic)
    {
        if (claim is not null)
            logic.Evolve(claim, (ClaimEvent)e);
        else if (e is StudentEvent s)
            logic.Evolve(this, s);
    }

    /// <summary>Counts an applied event of a claim and remembers where it is.</summary>
    /// <returns>The claim's sequence number before it.</returns>
    public int Count(ClaimEvent e, RecordPlace place)
    {
        var open = FindOpen(e.Claim)
            ?? throw new InvalidOperationException(
                $"claim {e.Claim} of student {Id} has an event and is not in memory");

        // What restates the claim makes the records before it unnecessary.
        open.Places = RecordPlaces.With(e is ClaimRecalled ? [] : open.Places, place);
        return open.LastSequenceNr++;
    }

    /// <summary>Moves every claim with nothing left to happen out of memory.</summary>
    public void Passivate()
    {
        for (var i = OpenClaims.Length - 1; i >= 0; i--)
        {
            var open = OpenClaims[i];
            if (!open.CanPassivate)
                continue;
            PassivatedClaims.Add(PassivatedClaim.Of(open));
            OpenClaims = OpenClaims.Without(i);
        }
    }

    /// <summary>Brings a passivated claim back into memory.</summary>
    /// <param name="claim">Its state, as its records give it.</param>
    public void Reactivate(in PassivatedClaim passivated, Claim claim)
    {
        PassivatedClaims.Remove(passivated.Number);
        (claim.LastSequenceNr, claim.Places) = (passivated.LastSequenceNr, passivated.Places.ToArray());
        Open(claim);
    }

    /// <summary>Adds a claim that is in memory.</summary>
    public void Open(Claim claim) => OpenClaims = OpenClaims.With(claim);

    /// <summary>Takes the state of a savepoint.</summary>
    internal void RollBack(OpenClaims open, PassivatedClaims passivated) =>
        (OpenClaims, PassivatedClaims) = (open, passivated);
}
