using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// The claims of the student a turn is deciding for. A closed one that is spoken to is brought back with the state its journal gives it; only if
/// something then happens to it does it say so, by an event that restates it.
/// </summary>
internal sealed class ClaimActors(ShardState state, IActorHistory history) : ISiblings
{
    private readonly List<ulong> _returned = [];
    private StudentCell _cell = null!;

    public void Begin(StudentCell cell)
    {
        _cell = cell;
        _returned.Clear();
    }

    /// <summary>The claim's actor: open, or closed and brought back.</summary>
    public Claim? Find(ulong number)
    {
        if (_cell.FindOpen(number) is { } open)
            return open;
        if (_cell.FindClosed(number) is not { } closed)
            return null;
        _returned.Add(number);
        return state.Return(_cell, closed, Load(closed));
    }

    /// <summary>The numbers of the judged claims that may have a line on one of these days, in order.</summary>
    public ulong[] NumbersOf(CoverageChanged changed)
    {
        var numbers = new List<ulong>();
        foreach (var open in _cell.OpenClaims)
        {
            if (open.Claim.IsJudged && Array.Exists(open.Claim.Lines, line => changed.Covers(line.CareDate)))
                numbers.Add(open.Claim.Number);
        }

        foreach (var closed in _cell.ClosedClaims)
        {
            if (closed.MayHaveCare(changed.From, changed.Until))
                numbers.Add(closed.Number);
        }

        numbers.Sort();
        return [.. numbers];
    }

    /// <summary>What has to stand before the first event of a claim that was closed.</summary>
    public ClaimRecalled? RecallBefore(ClaimEvent e)
    {
        if (_returned.Count == 0 || !_returned.Remove(e.Claim))
            return null;
        var claim = _cell.FindOpen(e.Claim)!;
        return new ClaimRecalled(
            claim.Number, claim.Way, claim.Method, claim.Items, claim.Provider, claim.DepositedOn, claim.Marks, claim.SameLines, claim.SimilarLines,
            claim.SettledCentimes, claim.LastPaymentCentimes, claim.OrderedOn, claim.OrderedBy, claim.Lines, claim.Outcomes);
    }

    public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until)
    {
        List<Claim>? found = null;
        foreach (var open in _cell.OpenClaims)
        {
            var claim = open.Claim;
            if (claim.Number != except && claim.IsJudged && (provider == 0 || claim.Provider == provider))
                (found ??= []).Add(claim);
        }

        foreach (var closed in _cell.ClosedClaims)
        {
            if (closed.Number == except || (provider != 0 && !closed.MayBeOf(provider)) || !closed.MayHaveCare(from, until))
                continue;
            var claim = Load(closed);
            if (provider == 0 || claim.Provider == provider)
                (found ??= []).Add(claim);
        }

        return found ?? [];
    }

    public IEnumerable<Claim> Debtors(ulong except)
    {
        List<Claim>? found = null;
        foreach (var open in _cell.OpenClaims)
        {
            // What is owed back keeps a claim open.
            if (open.Claim.OverpaidCentimes > 0 && open.Claim.Way == ClaimWay.Reimbursement && open.Claim.Number != except)
                (found ??= []).Add(open.Claim);
        }

        found?.Sort((one, other) => one.Number.CompareTo(other.Number));
        return found ?? [];
    }

    private Claim Load(in ClosedClaim closed) => history.LoadClaim(_cell.Id, closed)
        ?? throw new JournalException($"claim {closed.Number} of student {_cell.Id} is not in the journal, which should have it at offset {closed.DepositOffset}");
}
