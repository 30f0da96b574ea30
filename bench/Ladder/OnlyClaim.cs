using Amoe.Engine.Domain.Claims;

namespace Amoe.Bench.Ladder;

/// <summary>A student without other claims.</summary>
internal sealed class OnlyClaim : ISiblings
{
    public static readonly OnlyClaim Instance = new();

    public bool HasBankAccount => true;

    public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until) => [];

    public IEnumerable<Claim> WithProsthesis(ulong except, DateOnly from, DateOnly until) => [];

    public IEnumerable<Claim> Debtors(ulong except) => [];
}
