using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Cases;

/// <summary>What the account of an institution or a provider must have when a day has ended.</summary>
/// <param name="Amounts">The figures that the case names, each with its amount in centimes.</param>
internal sealed record AccountExpectation(
    int Line, DateOnly? Known, PartyId Party, IReadOnlyList<(AccountFigure Figure, long Centimes)> Amounts)
    : Expectation(Line, Known)
{
    protected override IEnumerable<Difference> Compare(ICaseView view)
    {
        var ledger = view.Account(Party);
        return Amounts.SelectMany(amount => Compare<long>(
            $"{Party}, {amount.Figure.Key.Replace('_', ' ')}", amount.Centimes, amount.Figure.Centimes(ledger), Mad));
    }
}
