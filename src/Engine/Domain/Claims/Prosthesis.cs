using System.Runtime.InteropServices;

namespace Amoe.Engine.Domain.Claims;

/// <summary>What a line says of a bridge or a denture (B6). Where a line says nothing, both are 0.</summary>
/// <param name="Elements">Elements of a bridge, teeth of a denture.</param>
/// <param name="Teeth">
/// Where it is: a bit for each tooth, in the order of the two-digit notation of the FDI: 11 to 18 the lowest, then
/// 21 to 28, 31 to 38, 41 to 48.
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Prosthesis(byte Elements, uint Teeth)
{
    /// <summary>Every tooth of the upper jaw.</summary>
    public const uint UpperJaw = 0x0000_FFFF;

    /// <summary>Every tooth of the lower jaw.</summary>
    public const uint LowerJaw = 0xFFFF_0000;

    private const int TeethOfQuadrant = 8;

    /// <summary>The bit of a tooth.</summary>
    /// <param name="number">
    /// Its number in the notation of the FDI: the quadrant, 1 to 4, then the tooth, 1 to 8.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">No permanent tooth has this number.</exception>
    public static uint Tooth(int number)
    {
        var (quadrant, tooth) = Math.DivRem(number, 10);
        return quadrant is >= 1 and <= 4 && tooth is >= 1 and <= TeethOfQuadrant
            ? 1u << ((quadrant - 1) * TeethOfQuadrant + tooth - 1)
            : throw new ArgumentOutOfRangeException(nameof(number), number, "not the number of a permanent tooth");
    }
}
