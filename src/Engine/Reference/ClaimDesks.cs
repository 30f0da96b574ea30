using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Reference;

/// <summary>Which desks take the claim files of which students (D2).</summary>
public static class ClaimDesks
{
    /// <summary>Whether a network's desks take the claim files of a category's students.</summary>
    [Rule("D2", "K6")]
    public static bool Accepts(Category category, DeskNetwork network)
    {
        var networks = ReferenceData.ClaimNetworks;
        return (int)category < networks.Length
            && (int)network < 8
            && ((networks[(int)category] >> (int)network) & 1) != 0;
    }
}
