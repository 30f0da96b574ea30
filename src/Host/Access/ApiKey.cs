using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Amoe.Host.Access;

/// <summary>
/// The form of an API key, <c>amoe_1a2b3c4d_</c> and 43 characters: an id that may be seen, and a secret of 32 random
/// bytes in base64url. The prefix lets scanners of source code find a key that was published by mistake.
/// </summary>
internal static class ApiKey
{
    public const string Prefix = "amoe_";
    public const int IdLength = 8;
    public const int SecretBytes = 32;
    public const int SecretLength = 43;
    public const int Length = 5 + IdLength + 1 + SecretLength;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>
    /// Hashes a secret. It has 256 bits of chance, which cannot be tried out whatever a try costs, so that a slow hash
    /// as for passwords would cost each request milliseconds and gain nothing.
    /// </summary>
    /// <param name="secret">
    /// The 43 characters. What is hashed is their text, so that only one spelling of the bytes is right.
    /// </param>
    /// <param name="hash">Gets <see cref="SHA256.HashSizeInBytes"/> bytes.</param>
    public static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[SecretLength];
        for (var i = 0; i < SecretLength; i++)
            ascii[i] = (byte)secret[i];
        SHA256.HashData(ascii, hash);
        CryptographicOperations.ZeroMemory(ascii);
    }

    /// <summary>Makes the secret of a new key.</summary>
    public static string NewSecret()
    {
        Span<byte> bytes = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    public static uint NewId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt32(bytes);
    }

    /// <summary>The whole key, which only its holder keeps.</summary>
    public static string Text(uint id, string secret) => $"{Prefix}{IdText(id)}_{secret}";

    public static string IdText(uint id) => id.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Reads eight lower-case hex digits, and nothing else.</summary>
    public static bool TryParseId(ReadOnlySpan<char> text, out uint id)
    {
        id = 0;
        if (text.Length != IdLength)
            return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigitLower(digit))
                return false;
            id = id << 4 | (uint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }

        return true;
    }

    /// <summary>Takes a key apart; false for what does not have the form of one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint id, out ReadOnlySpan<char> secret)
    {
        id = 0;
        secret = default;
        if (text.Length != Length
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length + IdLength] != '_')
            return false;
        secret = text[^SecretLength..];
        return TryParseId(text.Slice(Prefix.Length, IdLength), out id) && !secret.ContainsAnyExcept(Alphabet);
    }
}
