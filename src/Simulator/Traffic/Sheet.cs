namespace Amoe.Simulator.Traffic;

/// <summary>
/// A sheet's number is the nation's: the student's number and the claim's, of six bits, one of which marks a sheet that
/// claims care a second time.
/// </summary>
internal static class Sheet
{
    private const int NumberBits = 6;
    private const int AgainBit = 1 << (NumberBits - 1);
    private const ulong NumberMask = (1UL << NumberBits) - 1;

    /// <summary>The most occasions of care of one student.</summary>
    public const int CareMax = AgainBit - 1;

    public static ulong Of(in Life life, int number) => life.Id.Value << NumberBits | (uint)number;

    /// <summary>The claim's number among its student's.</summary>
    public static int NumberOf(ulong sheet) => (int)(sheet & NumberMask);

    /// <summary>The number of the sheet that claims the care of another once more.</summary>
    public static int Again(int number) => number | AgainBit;

    public static bool IsAgain(int number) => (number & AgainBit) != 0;

    /// <summary>The number of the occasion of care, which both its sheets share.</summary>
    public static int CareOf(int number) => number & ~AgainBit;
}
