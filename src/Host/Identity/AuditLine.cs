using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// One line of the audit log: a JSON object whose last member is the hash, SHA-256 of the previous line's hash and this
/// line up to its own.
/// </summary>
internal static class AuditLine
{
    public const int HashDigits = SHA256.HashSizeInBytes * 2;

    /// <summary>The longest line: the bounds of a reader, each character escaped, and the rest.</summary>
    public const int BytesMax = (Reader.ActorMax + Reader.PurposeMax) * 6 + 512;

    public const string Erased = "erased";

    private const int LayoutVersion = 1;

    private static readonly JsonWriterOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private static ReadOnlySpan<byte> BeforeHash => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> AfterHash => "\"}"u8;

    /// <summary>The first line of a log: which host keeps it.</summary>
    /// <returns>The line's hash.</returns>
    public static string WriteFirst(ArrayBufferWriter<byte> output, string host, DateTimeOffset time) =>
        Write(output, AuditPosition.Start, time, json =>
        {
            json.WriteString("what", "begin");
            json.WriteString("host", host);
            json.WriteNumber("layout", LayoutVersion);
        });

    /// <returns>The line's hash.</returns>
    public static string Write(
        ArrayBufferWriter<byte> output, AuditPosition previous, DateTimeOffset time,
        AuditEntry entry) => Write(output, previous, time, json =>
    {
        json.WriteString("what", NameOf(entry.Act));
        json.WriteString("actor", entry.Reader.Actor);
        json.WriteString("purpose", entry.Reader.Purpose);
        if (entry.Student is { } student)
            json.WriteNumber("student", student.Value);
    });

    /// <summary>What is wrong with a line as the one after another; null when nothing is.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="hash">The line's own, where nothing is wrong.</param>
    public static string? Problem(ReadOnlySpan<byte> line, AuditPosition previous, out string hash)
    {
        hash = "";
        var tail = BeforeHash.Length + HashDigits + AfterHash.Length;
        if (line.Length <= tail
            || line.Length > BytesMax
            || !line.EndsWith(AfterHash)
            || !line[^tail..].StartsWith(BeforeHash))
            return "is not a line of an audit log";
        var written = line[^(HashDigits + AfterHash.Length)..^AfterHash.Length];
        hash = HashOf(previous.Hash, line[..^tail]);
        if (!written.SequenceEqual(Encoding.ASCII.GetBytes(hash)))
            return "was changed, or does not follow the line before it: its hash is not that of the two";
        return TryRead(line, out var sequence, out _, out _) && sequence == previous.Sequence + 1
            ? null
            : $"does not have the sequence {previous.Sequence + 1}";
    }

    /// <summary>The members of a line that the vault acts on.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out long sequence, out string what, out StudentId? student)
    {
        (sequence, what, student) = (-1, "", null);
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (json.ValueTextEquals("seq"u8) && json.Read())
                    sequence = json.GetInt64();
                else if (json.ValueTextEquals("what"u8) && json.Read())
                    what = json.GetString() ?? "";
                else if (json.ValueTextEquals("student"u8) && json.Read())
                    student = new StudentId(json.GetUInt64());
            }

            return sequence >= 0;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    public static string NameOf(AuditAct act) => act switch
    {
        AuditAct.Find => "find",
        AuditAct.Read => "read",
        AuditAct.Correct => "correct",
        AuditAct.Erased => Erased,
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private static string Write(
        ArrayBufferWriter<byte> output, AuditPosition previous, DateTimeOffset time, Action<Utf8JsonWriter> members)
    {
        var start = output.WrittenCount;
        using (var json = new Utf8JsonWriter(output, _options))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", previous.Sequence + 1);
            json.WriteString(
                "time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            members(json);
            json.Flush();
        }

        // The object is closed by hand: the hash is of what is before it.
        var hash = HashOf(previous.Hash, output.WrittenSpan[start..]);
        output.Write(BeforeHash);
        output.Write(Encoding.ASCII.GetBytes(hash));
        output.Write(AfterHash);
        output.Write("\n"u8);
        return hash;
    }

    private static string HashOf(string previous, ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(previous));
        hash.AppendData(line);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
