using System.Security.Cryptography;
using System.Text;

namespace Amoe.Host.Identity;

/// <summary>
/// The keyed hashes by which persons are found. The index key is wrapped by the master key, so that a rotation leaves
/// the hashes as they are; without it nothing can be tried against them, though there are few enough CINs to try all.
/// </summary>
internal sealed class NumberIndex
{
    /// <summary>
    /// Bytes of a hash that are kept. Two of a million numbers share 16 bytes with a chance of 1 in 10^26.
    /// </summary>
    public const int HashBytes = 16;

    private readonly byte[] _cinKey;
    private readonly byte[] _massarKey;

    public NumberIndex(byte[] indexKey)
    {
        _cinKey = HKDF.Expand(HashAlgorithmName.SHA256, indexKey, SHA256.HashSizeInBytes, "amoe cin"u8.ToArray());
        _massarKey = HKDF.Expand(HashAlgorithmName.SHA256, indexKey, SHA256.HashSizeInBytes, "amoe massar"u8.ToArray());
    }

    public byte[] HashOf(PersonNumber number) =>
        HMACSHA256.HashData(number.Kind == NumberKind.Cin ? _cinKey : _massarKey, Encoding.ASCII.GetBytes(number.Value))[..HashBytes];
}
