using System.Security.Cryptography;
using System.Text;

namespace Amoe.Host.Http;

/// <summary>
/// What the hosts and clients of one cluster know and nobody else does: by it they prove to each other that they belong together
/// (<see cref="Handshake"/>). It never leaves the process, in a message to a person neither.
/// </summary>
internal sealed class PeersSecret
{
    public const int BytesMin = 32;
    public const int BytesMax = 4096;

    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly byte[] _key;

    private PeersSecret(byte[] key) => _key = key;

    /// <summary>Reads a file's content, white space at its ends apart: what an editor or <c>openssl rand -hex 32</c> leaves behind the secret is none of it.</summary>
    /// <exception cref="InputException">It cannot be read, is too short or too long, or everybody on this machine may read it.</exception>
    public static PeersSecret Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
                throw new InputException($"{path}: everybody on this machine may read or write the peers secret. Take that away: chmod o-rwx {path}");
            var content = new byte[BytesMax + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > BytesMax)
                throw new InputException($"{path}: a peers secret has at most {BytesMax} bytes, this file has more.");
            var key = content.AsSpan(0, length).Trim(" \t\r\n"u8).ToArray();
            CryptographicOperations.ZeroMemory(content);
            if (key.Length < BytesMin)
                throw new InputException($"{path}: a peers secret has at least {BytesMin} bytes, this one has {key.Length}. Make one: openssl rand -hex 32");
            return new PeersSecret(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the peers secret cannot be read ({e.Message.TrimEnd('.')}).");
        }
    }

    /// <summary>A new secret in a file that only this user may read.</summary>
    public static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(2 * BytesMin, lowercase: true)));
    }

    /// <summary>A proof of knowing the secret that is good for this text alone.</summary>
    public byte[] Prove(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_key, text);

    /// <summary>Compares in constant time.</summary>
    public bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> text) => CryptographicOperations.FixedTimeEquals(proof, Prove(text));
}
