using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Amoe.Host.Identity;

/// <summary>
/// The key under which the keys of all persons are wrapped: 32 random bytes, kept apart from the vault. Messages and
/// logs name it by its <see cref="Id"/>.
/// </summary>
internal sealed class MasterKey : IDisposable
{
    /// <summary>The variable of the environment that holds it where no file does.</summary>
    public const string Variable = "AMOE_MASTER_KEY";

    public const int Bytes = 32;

    // A key in base64 or hexadecimal with a line end is far shorter: whatever is longer is another file.
    private const int FileMax = 1_024;
    private const int IdBytes = 8;

    private readonly KeyWrap _wrap;

    private MasterKey(byte[] key)
    {
        _wrap = new KeyWrap(key);
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "amoe master key id"u8).AsSpan(0, IdBytes));
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>
    /// A keyed fingerprint of 16 hexadecimal digits. The vault keeps it beside what the key wraps, so that a wrong key
    /// is named and a rotation knows what it has done.
    /// </summary>
    public string Id { get; }

    /// <summary>Makes a key and writes it, in base64, to a new file that only its owner can read.</summary>
    /// <exception cref="InputException">There is such a file, or it cannot be written.</exception>
    public static MasterKey Create(string path)
    {
        var key = RandomNumberGenerator.GetBytes(Bytes);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InputException(
                $"{path}: the file exists already and is left as it is. Name another for the new master key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{path}: the master key cannot be written there ({e.Message.TrimEnd('.')}). Name a file in a folder you can write.");
        }

        return new MasterKey(key);
    }

    /// <exception cref="InputException">
    /// It cannot be read, others can read it too, or it is no key. The message has nothing of the file's content.
    /// </exception>
    public static MasterKey Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsWindows())
                RequireOwnersAlone(path, File.GetUnixFileMode(file.SafeFileHandle));
            var text = new byte[FileMax];
            var length = file.ReadAtLeast(text, FileMax, throwOnEndOfStream: false);
            return length < FileMax && TryParse(Encoding.ASCII.GetString(text, 0, length), out var key)
                ? new MasterKey(key)
                : throw new InputException($"{path}: {NoKey}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{path}: the master key cannot be read ({e.Message.TrimEnd('.')}). Name the file that has it, or make one with amoe vault create.");
        }
    }

    /// <summary>The key in a variable of the environment.</summary>
    /// <returns>Null when there is no such variable.</returns>
    /// <exception cref="InputException">Its value is no key. The message does not repeat it.</exception>
    public static MasterKey? FromEnvironment(string variable = Variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
            return null;
        return TryParse(text, out var key) ? new MasterKey(key) : throw new InputException($"{variable}: {NoKey}");
    }

    /// <summary>Wraps a key of a person, or of the index, under this one.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> key) => _wrap.Wrap(key);

    internal bool TryUnwrap(ReadOnlySpan<byte> wrapped, out byte[] key) => _wrap.TryUnwrap(wrapped, out key);

    public override string ToString() => Id;

    public void Dispose() => _wrap.Dispose();

    private static string NoKey { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"it does not hold a master key, which is {Bytes} bytes in base64 or hexadecimal. Put the key back, or make one with amoe vault create.");

    private static bool TryParse(string text, out byte[] key)
    {
        var digits = text.Trim();
        key = new byte[Bytes];
        if (digits.Length == Bytes * 2)
            return Convert.FromHexString(digits, key, out _, out _) == System.Buffers.OperationStatus.Done;
        return Convert.TryFromBase64String(digits, key, out var length) && length == Bytes;
    }

    private static void RequireOwnersAlone(string path, UnixFileMode mode)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if ((mode & Others) != 0)
            throw new InputException(
                $"{path}: others than its owner may use this file, and it holds the master key. Run chmod 600 on it.");
    }
}
