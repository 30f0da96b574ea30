using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Amoe.Host.Identity;

/// <summary>
/// Wraps keys under another key: AES key wrap with padding, RFC 5649. The runtime has it too
/// (<c>Aes.EncryptKeyWrapPadded</c>) and sets the cipher up anew for each of the 24 blocks of a wrapped key: 30 µs
/// where this takes 5, and each registration wraps a key. Tests compare the two.
/// </summary>
internal sealed class KeyWrap : IDisposable
{
    private const int Block = 16;
    private const int Semiblock = 8;
    private const int Rounds = 6;

    // RFC 5649, section 3: the constant before the length of what is wrapped.
    private const uint Constant = 0xA659_59A6;

    private readonly Aes _aes = Aes.Create();

    // A transform is for one thread at a time, and each wrap takes the one that was given back last.
    private readonly ConcurrentBag<BlockCipher> _encryptors = [];
    private readonly ConcurrentBag<BlockCipher> _decryptors = [];

    /// <param name="key">16, 24 or 32 bytes.</param>
    public KeyWrap(ReadOnlySpan<byte> key)
    {
        _aes.SetKey(key);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
    }

    /// <summary>The bytes of what wraps so many: those padded to a multiple of 8, and 8 more.</summary>
    public static int WrappedLength(int plainLength) =>
        (plainLength + Semiblock - 1) / Semiblock * Semiblock + Semiblock;

    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plain.Length);
        var wrapped = new byte[WrappedLength(plain.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(wrapped, Constant);
        BinaryPrimitives.WriteUInt32BigEndian(wrapped.AsSpan(4), (uint)plain.Length);
        plain.CopyTo(wrapped.AsSpan(Semiblock));
        if (!_encryptors.TryTake(out var cipher))
            cipher = new BlockCipher(_aes.CreateEncryptor());
        if (wrapped.Length == Block)
            cipher.Transform(wrapped, wrapped.AsSpan(Semiblock));
        else
            Wrap(cipher, wrapped);
        _encryptors.Add(cipher);
        return wrapped;
    }

    /// <returns>False when the bytes were wrapped under another key, or are damaged.</returns>
    public bool TryUnwrap(ReadOnlySpan<byte> wrapped, out byte[] plain)
    {
        plain = [];
        if (wrapped.Length < Block || wrapped.Length % Semiblock != 0)
            return false;
        var bytes = wrapped.ToArray();
        if (!_decryptors.TryTake(out var cipher))
            cipher = new BlockCipher(_aes.CreateDecryptor());
        if (bytes.Length == Block)
            cipher.Transform(bytes, bytes.AsSpan(Semiblock));
        else
            Unwrap(cipher, bytes);
        _decryptors.Add(cipher);
        var isWhole = IsWhole(bytes, out var length);
        if (isWhole)
            plain = bytes.AsSpan(Semiblock, length).ToArray();
        CryptographicOperations.ZeroMemory(bytes);
        return isWhole;
    }

    public void Dispose()
    {
        foreach (var cipher in _encryptors.Concat(_decryptors))
            cipher.Dispose();
        _aes.Dispose();
    }

    /// <summary>RFC 3394, section 2.2.1, in place: the first semiblock is the check, the others follow.</summary>
    private static void Wrap(BlockCipher cipher, Span<byte> bytes)
    {
        var semiblocks = bytes.Length / Semiblock - 1;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 1; i <= semiblocks; i++)
            {
                cipher.Transform(bytes[..Semiblock], bytes.Slice(i * Semiblock, Semiblock));
                Count(bytes, (ulong)(semiblocks * round + i));
            }
        }
    }

    private static void Unwrap(BlockCipher cipher, Span<byte> bytes)
    {
        var semiblocks = bytes.Length / Semiblock - 1;
        for (var round = Rounds - 1; round >= 0; round--)
        {
            for (var i = semiblocks; i >= 1; i--)
            {
                Count(bytes, (ulong)(semiblocks * round + i));
                cipher.Transform(bytes[..Semiblock], bytes.Slice(i * Semiblock, Semiblock));
            }
        }
    }

    private static void Count(Span<byte> check, ulong step) =>
        BinaryPrimitives.WriteUInt64BigEndian(check, BinaryPrimitives.ReadUInt64BigEndian(check) ^ step);

    /// <summary>The constant, a length that fits, and zeros after it.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> bytes, out int length)
    {
        var written = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var padded = (uint)(bytes.Length - Semiblock);
        length = (int)Math.Min(written, padded);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) == Constant
            && written <= padded
            && written > padded - Semiblock
            && !bytes[(Semiblock + length)..].ContainsAnyExcept((byte)0);
    }

    private sealed class BlockCipher(ICryptoTransform transform) : IDisposable
    {
        private readonly byte[] _in = new byte[Block];
        private readonly byte[] _out = new byte[Block];

        /// <summary>Transforms one block, whose semiblocks are apart, in place.</summary>
        public void Transform(Span<byte> first, Span<byte> second)
        {
            first[..Semiblock].CopyTo(_in);
            second[..Semiblock].CopyTo(_in.AsSpan(Semiblock));
            transform.TransformBlock(_in, 0, Block, _out, 0);
            _out.AsSpan(0, Semiblock).CopyTo(first);
            _out.AsSpan(Semiblock).CopyTo(second);
        }

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_in);
            CryptographicOperations.ZeroMemory(_out);
            transform.Dispose();
        }
    }
}
