using System.Security.Cryptography;
using System.Text;

namespace Amoe.Host.Identity;

/// <summary>
/// Makes the keyed hashes by which persons are found. The index key is wrapped by the master key, so that a rotation
/// leaves the hashes as they are; without it no CIN can be tried against them, though there are few enough to try all.
/// Two of a million numbers share the 16 bytes that are kept with a chance of 1 in 10^26.
/// </summary>
internal sealed class NumberKeys(byte[] indexKey)
{
    private readonly byte[] _cinKey = HKDF.Expand(
        HashAlgorithmName.SHA256, indexKey, SHA256.HashSizeInBytes, "amoe cin"u8.ToArray());
    private readonly byte[] _massarKey = HKDF.Expand(
        HashAlgorithmName.SHA256, indexKey, SHA256.HashSizeInBytes, "amoe massar"u8.ToArray());

    public NumberHash HashOf(PersonNumber number)
    {
        Span<byte> text = stackalloc byte[PersonNumber.LengthMax], hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.ASCII.GetBytes(number.Value, text);
        HMACSHA256.HashData(number.Kind == NumberKind.Cin ? _cinKey : _massarKey, text[..length], hash);
        return NumberHash.Of(hash);
    }
}
