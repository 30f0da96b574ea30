using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Reference;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// Which desk a file is taken to: one of the student's town and network where there is one (D2, K6), the fund for
/// providers (K2).
/// </summary>
internal sealed class ClaimDeskChoice
{
    private readonly int[][] _onousc;
    private readonly int[][] _ofppt;
    private readonly bool[] _mayPost;
    private readonly bool[] _isOfppt;
    private readonly bool[] _isOnousc;
    private readonly int _posted;

    public ClaimDeskChoice(Scenario scenario)
    {
        _onousc = ByCity(scenario, DeskNetwork.Onousc);
        _ofppt = ByCity(scenario, DeskNetwork.Ofppt);
        _mayPost = ByCategory(DeskNetwork.Fund);
        _isOfppt = ByCategory(DeskNetwork.Ofppt);
        _isOnousc = ByCategory(DeskNetwork.Onousc);
        _posted = scenario.Filing.Posted;
    }

    /// <param name="declared">The category on record on the day of deposit.</param>
    /// <param name="city">The student's.</param>
    /// <param name="wrong">True to take it where it is not accepted.</param>
    public int For(Category declared, int city, ClaimWay way, bool wrong, in Draws draws, int n)
    {
        var category = (int)declared;
        if (wrong)
            return One(_isOfppt[category] || way == ClaimWay.ThirdParty ? _onousc : _ofppt, city, draws, n);
        if (way == ClaimWay.ThirdParty)
            return ReferenceData.FundDeskId;
        if (_isOfppt[category])
            return One(_ofppt, city, draws, n);
        return !_isOnousc[category] || (_mayPost[category] && draws.Chance(DrawPurpose.Posted, _posted, n))
            ? ReferenceData.FundDeskId
            : One(_onousc, city, draws, n);
    }

    private static int One(int[][] desks, int city, in Draws draws, int n)
    {
        var near = desks[city];
        return near[draws.Range(DrawPurpose.Desk, new Between(0, near.Length - 1), n)];
    }

    /// <summary>
    /// The desks of each city; of a city without one, all of them: where its students go is unknown.
    /// </summary>
    private static int[][] ByCity(Scenario scenario, DeskNetwork network)
    {
        Desk[] all = [.. ReferenceData.Desks.Where(desk => desk.Network == network)];
        return [.. scenario.Population.CityNames.Select(city =>
        {
            int[] near = [.. all.Where(desk => desk.Town == city).Select(desk => desk.Id)];
            return near.Length > 0 ? near : [.. all.Select(desk => desk.Id)];
        })];
    }

    private static bool[] ByCategory(DeskNetwork network)
    {
        var accepts = new bool[SnakeCase<Category>.Values.Max(category => (int)category) + 1];
        foreach (var category in SnakeCase<Category>.Values)
            accepts[(int)category] = ClaimDesks.Accepts(category, network);
        return accepts;
    }
}
