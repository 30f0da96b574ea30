namespace Amoe.Engine.Domain;

/// <summary>
/// The 64-bit finaliser of SplitMix64: stable, because partitions, digests and the simulator's draws follow from it.
/// </summary>
public static class Mixing
{
    public static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    public static ulong Mix(ulong first, ulong second) => Mix(Mix(first) ^ second);

    public static ulong Mix(ulong first, ulong second, ulong third) => Mix(Mix(first, second) ^ third);
}
