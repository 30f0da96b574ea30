using System.Numerics;
using System.Text;

namespace Amoe.Host.Api.Commands;

/// <summary>Finds a name in UTF-8 among a few that are known beforehand, without allocating.</summary>
internal sealed class NameTable
{
    // Open addressing, at most a quarter full: most names are found at the first place.
    private const int PlacesOfName = 4;

    private readonly byte[][] _names;
    private readonly byte[] _places;

    /// <param name="names">At most 254, none empty, none twice.</param>
    public NameTable(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _places = new byte[BitOperations.RoundUpToPowerOf2((uint)(names.Count * PlacesOfName + 1))];
        for (var index = 0; index < _names.Length; index++)
        {
            var at = PlaceOf(_names[index]);
            while (_places[at] != 0)
                at = (at + 1) & (_places.Length - 1);
            _places[at] = (byte)(index + 1);
        }
    }

    /// <summary>The index of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return -1;
        for (var at = PlaceOf(name); _places[at] is var place and not 0; at = (at + 1) & (_places.Length - 1))
        {
            if (name.SequenceEqual(_names[place - 1]))
                return place - 1;
        }

        return -1;
    }

    private int PlaceOf(ReadOnlySpan<byte> name) =>
        (name.Length * 31 + name[0] * 7 + name[^1] * 13 + name[name.Length / 2] * 17) & (_places.Length - 1);
}
