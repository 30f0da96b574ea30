using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.People;

/// <summary>
/// The providers of care by place, numbered from 1. The providers of one kind in one city follow each other, and are as
/// many as the scenario's weight of the city and the place's weight make them.
/// </summary>
internal sealed class ProviderRegister
{
    private const int Abroad = -1;

    private readonly IReadOnlyList<Place> _places = Morocco.Places;
    private readonly Group[] _groups;

    /// <summary>By city and place: the numbers of those who are there. Those abroad are in every city's row.</summary>
    private readonly Between[,] _numbers;

    private readonly int _public;
    private readonly int _abroad;
    private readonly int[] _placeOf = new int[SnakeCase<Act>.Values.Max(act => (int)act) + 1];

    public ProviderRegister(Scenario scenario)
    {
        Max = scenario.Filing.Providers;
        _public = PlaceOf(place => place.Sector == CareSector.Public, "the public sector");
        _abroad = PlaceOf(place => place.Sector == CareSector.Abroad, "care abroad");
        foreach (var act in SnakeCase<Act>.Values.Where(act => act is not (Act.None or Act.CareAbroad)))
            _placeOf[(int)act] = PlaceOf(place => place.Acts.Contains(act), SnakeCase<Act>.NameOf(act));

        var cities = scenario.Population.Cities.Parts.ToArray();
        (Group Group, Int128 Weight)[] groups =
        [
            .. from city in cities
               from place in Enumerable.Range(0, _places.Count).Where(place => place != _abroad)
               select (new Group(city.Value, place, 0), _places[place].Weight * (Int128)city.Width),
            (new Group(Abroad, _abroad, 0), _places[_abroad].Weight * (Int128)cities.Sum(city => (long)city.Width)),
        ];
        var (whole, upTo) = (groups.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Weight), Int128.Zero);
        _groups = [.. groups.Select(entry =>
            entry.Group with { Last = (int)((Max * (upTo += entry.Weight) + whole / 2) / whole) })];
        _numbers = new Between[scenario.Population.CityNames.Count, _places.Count];
        for (var i = 0; i < _groups.Length; i++)
        {
            var (city, place, last) = _groups[i];
            var before = i == 0 ? 0 : _groups[i - 1].Last;

            // Where there are few providers, a neighbouring one does what there is no provider for.
            var numbers = last > before
                ? new Between(before + 1, last)
                : new Between(Math.Max(last, 1), Math.Max(last, 1));
            foreach (var row in city == Abroad ? Enumerable.Range(0, _numbers.GetLength(0)) : [city])
                _numbers[row, place] = numbers;
        }
    }

    /// <summary>The highest number.</summary>
    public int Max { get; }

    /// <summary>One of those who give an act in a city and sector, each as likely.</summary>
    /// <param name="city">The city's number in the scenario.</param>
    public int Draw(Act act, CareSector sector, int city, ulong bits) => _numbers[city, sector switch
    {
        CareSector.Public => _public,
        CareSector.Abroad => _abroad,
        _ => _placeOf[(int)act],
    }].At(bits);

    /// <summary>The kind of a provider, and the number of its city in the scenario; null abroad.</summary>
    public (Place Place, int? City) Of(int number)
    {
        var group = _groups.First(group => number <= group.Last);
        return (_places[group.Place], group.City == Abroad ? null : group.City);
    }

    private int PlaceOf(Func<Place, bool> isIt, string what)
    {
        for (var i = 0; i < _places.Count; i++)
        {
            if (isIt(_places[i]))
                return i;
        }

        throw new InvalidDataException($"care.yaml: no place gives {what}");
    }

    /// <summary>Providers of one kind in one city, up to the last of their numbers.</summary>
    private readonly record struct Group(int City, int Place, int Last);
}
