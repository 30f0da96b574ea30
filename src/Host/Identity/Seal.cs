using System.Buffers.Binary;
using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>A person as the files have it.</summary>
/// <param name="Master">The id of the master key that wraps the person's key.</param>
/// <param name="Wrapped">The person's key, wrapped.</param>
/// <param name="Data">Nonce, ciphertext and tag of AES-GCM.</param>
internal sealed record SealedPerson(StudentId Student, string Master, byte[] Wrapped, byte[] Data);

/// <summary>
/// Seals a person's data under the person's own key with AES-GCM. The seal is bound to the student's number and the
/// layout's version, so that data put into another student's row do not open.
/// </summary>
internal static class Seal
{
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int BindingBytes = sizeof(ulong) + 1;

    /// <summary>Seals a person under a new key.</summary>
    public static SealedPerson Close(Person person, StudentId student, MasterKey master)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var sealedPerson = new SealedPerson(student, master.Id, master.Wrap(key), Close(person, student, key));
        CryptographicOperations.ZeroMemory(key);
        return sealedPerson;
    }

    /// <summary>
    /// Seals a person again under the person's key. The nonce is random: one key seals a few corrections.
    /// </summary>
    public static byte[] Close(Person person, StudentId student, byte[] key)
    {
        var plain = PersonCodec.Encode(person);
        var data = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = data.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> binding = stackalloc byte[BindingBytes];
        Bind(binding, student);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(
            nonce, plain, data.AsSpan(NonceBytes, plain.Length), data.AsSpan(NonceBytes + plain.Length), binding);
        CryptographicOperations.ZeroMemory(plain);
        return data;
    }

    /// <returns>Null when the data are another student's, of another layout, or damaged.</returns>
    public static Person? Open(ReadOnlySpan<byte> data, StudentId student, byte[] key)
    {
        if (data.Length <= NonceBytes + TagBytes)
            return null;
        var plain = new byte[data.Length - NonceBytes - TagBytes];
        Span<byte> binding = stackalloc byte[BindingBytes];
        Bind(binding, student);
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(data[..NonceBytes], data[NonceBytes..^TagBytes], data[^TagBytes..], plain, binding);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var person = PersonCodec.Decode(plain);
        CryptographicOperations.ZeroMemory(plain);
        return person;
    }

    private static void Bind(Span<byte> binding, StudentId student)
    {
        BinaryPrimitives.WriteUInt64BigEndian(binding, student.Value);
        binding[sizeof(ulong)] = PersonCodec.Version;
    }
}
