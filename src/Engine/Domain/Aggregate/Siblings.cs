using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>
/// The claims of the aggregate a conversation is about. A passivated one that is addressed is reactivated with the
/// state its records give it; only if something then happens to it does it say so, by an event that restates it. One
/// whose records were not read becomes a need.
/// </summary>
internal sealed class Siblings(IReadBack readBack) : ISiblings
{
    private readonly List<ulong> _reactivated = [];
    private readonly List<Need> _needs = [];
    private StudentAggregate _aggregate = null!;

    /// <summary>What was asked for and is not at hand: while there is any, nothing that was decided counts.</summary>
    public IReadOnlyList<Need> Needs => _needs;

    public bool HasBankAccount => _aggregate.Enrolment.HasBankAccount;

    public void Begin(StudentAggregate aggregate)
    {
        _aggregate = aggregate;
        _reactivated.Clear();
        _needs.Clear();
    }

    /// <summary>
    /// The claim of a number: in memory, or reactivated. Null where there is none, or it has to be read first.
    /// </summary>
    public Claim? Find(ulong number)
    {
        if (_aggregate.FindOpen(number) is { } open)
            return open;
        if (!_aggregate.PassivatedClaims.TryFind(number, out var passivated) || Read(passivated) is not { } claim)
            return null;
        _reactivated.Add(number);
        _aggregate.Reactivate(passivated, claim);
        return claim;
    }

    /// <summary>
    /// The numbers of the adjudicated claims that something learnt late concerns, in order; a need for each that was
    /// not read.
    /// </summary>
    public ulong[] NumbersOf(LateTruth learnt)
    {
        var numbers = new List<ulong>();
        foreach (var open in _aggregate.OpenClaims)
        {
            if (open.IsJudged && learnt.Concerns(open))
                numbers.Add(open.Number);
        }

        foreach (var passivated in _aggregate.PassivatedClaims)
        {
            if (learnt.MayConcern(passivated) && Read(passivated) is { } claim && learnt.Concerns(claim))
                numbers.Add(passivated.Number);
        }

        numbers.Sort();
        return [.. numbers];
    }

    /// <summary>What has to come before the first event of a claim that was passivated.</summary>
    public ClaimRecalled? RestatementBefore(ClaimEvent e)
    {
        if (_reactivated.Count == 0 || !_reactivated.Remove(e.Claim))
            return null;
        var claim = _aggregate.FindOpen(e.Claim)!;
        return new ClaimRecalled(
            claim.Number, claim.Way, claim.Items, claim.Provider, claim.DepositedOn, claim.ReceivedOn, claim.Marks,
            claim.SameLines, claim.SimilarLines,
            claim.SettledCentimes, claim.Payments.ToArray(), claim.Lines, claim.Outcomes, claim.SharedLines,
            claim.RefundSettledCentimes);
    }

    public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until) => Find(
        except, (Provider: provider, From: from, Until: until),
        static (claim, asked) => claim.Provider == asked.Provider,
        static (passivated, asked) =>
            passivated.MayBeOf(asked.Provider) && passivated.MayHaveCare(asked.From, asked.Until))
                ?? Enumerable.Empty<Claim>();

    public IEnumerable<Claim> WithProsthesis(ulong except, DateOnly from, DateOnly until) => Find(
        except, (From: from, Until: until),
        static (claim, _) => Array.Exists(claim.Lines, static line => Repeats.IsProsthesis(line.Act)),
        static (passivated, asked) => passivated.HasProsthesis && passivated.MayHaveCare(asked.From, asked.Until))
            ?? Enumerable.Empty<Claim>();

    public IEnumerable<Claim> Debtors(ulong except)
    {
        List<Claim>? found = null;
        foreach (var open in _aggregate.OpenClaims)
        {
            // What is owed back keeps a claim in memory.
            if (open.AccountOf(Payee.Student).OverpaidCentimes > 0 && open.Number != except)
                (found ??= []).Add(open);
        }

        found?.Sort((one, other) => one.Number.CompareTo(other.Number));
        return found ?? [];
    }

    /// <summary>
    /// Adjudicated claims that are as asked: those in memory, and of the passivated ones those that may be and were
    /// read. Null where there are none.
    /// </summary>
    private List<Claim>? Find<T>(
        ulong except, T asked, Func<Claim, T, bool> isAsked, Func<PassivatedClaim, T, bool> mayBe)
    {
        // Each claim asks, and mostly there are none.
        List<Claim>? found = null;
        foreach (var open in _aggregate.OpenClaims)
        {
            if (open.Number != except && open.IsJudged && isAsked(open, asked))
                (found ??= []).Add(open);
        }

        foreach (var passivated in _aggregate.PassivatedClaims)
        {
            if (passivated.Number != except
                && mayBe(passivated, asked)
                && Read(passivated) is { } claim
                && isAsked(claim, asked))
                (found ??= []).Add(claim);
        }

        return found;
    }

    private Claim? Read(in PassivatedClaim passivated)
    {
        var claim = readBack.Find(_aggregate.Id, passivated);
        if (claim is null)
            Require(Need.Of(passivated));
        return claim;
    }

    private void Require(Need need)
    {
        var number = need.Claim?.Number;
        if (!_needs.Exists(known => known.Claim?.Number == number))
            _needs.Add(need);
    }
}
