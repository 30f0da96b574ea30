using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;

namespace Amoe.Host.Access;

/// <summary>A key as a line of JSON, by which a file of keys can be compared and reviewed line by line.</summary>
internal static class KeyLine
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string Day = "yyyy-MM-dd";
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Write(StoredKey key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id", key.IdText);
            json.WriteString("sha256", Convert.ToHexStringLower(key.Hash));
            WriteHolder(json, key);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Everything of a key but its id and hash.</summary>
    public static void WriteHolder(Utf8JsonWriter json, StoredKey key)
    {
        json.WriteString("name", key.Name);
        json.WriteString("role", Names.Of(key.Role));
        if (key.Party is { } party)
            json.WriteNumber("party", party);
        if (key.Student is { } student)
            json.WriteNumber("student", student.Value);
        json.WriteString("created", key.Created.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        if (key.Expires is { } expires)
            json.WriteString("expires", expires.ToString(Day, CultureInfo.InvariantCulture));
        if (key.Revoked is { } revoked)
            json.WriteString("revoked", revoked.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
    }

    /// <exception cref="FormatException">It is no key; the message names the field and has no place.</exception>
    public static StoredKey Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 2 });
        try
        {
            return Read(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The exception's own message may quote the line, which is nothing for a log. The second kind is a text
            // that is not Unicode.
            throw new FormatException($"not a JSON object (character {json.BytesConsumed + 1})");
        }
    }

    private static StoredKey Read(ref Utf8JsonReader json)
    {
        var fields = new Fields();
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = json.GetString()!;
            json.Read();
            fields.Set(field, ref json);
        }

        // Reads to the end, and refuses what comes after the object.
        json.Read();
        return fields.ToKey();
    }

    /// <summary>The fields read so far.</summary>
    private sealed class Fields
    {
        private readonly HashSet<string> _seen = [];
        private uint _id;
        private byte[] _hash = [];
        private string _name = "";
        private Role _role;
        private int? _party;
        private ulong? _student;
        private DateTimeOffset _created;
        private DateOnly? _expires;
        private DateTimeOffset? _revoked;

        public void Set(string field, ref Utf8JsonReader json)
        {
            if (!_seen.Add(field))
                throw new FormatException($"'{field}' is given twice");
            switch (field)
            {
                case "id":
                    _id = ApiKey.TryParseId(TextOf(field, ref json), out var id)
                        ? id
                        : throw Wrong(field, $"{ApiKey.IdLength} hex digits in lower case");
                    break;
                case "sha256":
                    _hash = HashOf(TextOf(field, ref json)) ?? throw Wrong(field, "64 hex digits");
                    break;
                case "name":
                    _name = TextOf(field, ref json);
                    break;
                case "role":
                    _role = SnakeCase<Role>.TryParse(TextOf(field, ref json), out var role)
                        ? role
                        : throw Wrong(field, $"one of {string.Join(", ", SnakeCase<Role>.Names)}");
                    break;
                case "party":
                    _party = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var party)
                        ? party
                        : throw Wrong(field, $"a whole number from 1 to {int.MaxValue}");
                    break;
                case "student":
                    _student = json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out var student)
                        ? student
                        : throw Wrong(field, $"a whole number from 0 to {ulong.MaxValue}");
                    break;
                case "created":
                    _created = InstantOf(field, ref json);
                    break;
                case "expires":
                    _expires = DateOnly.TryParseExact(
                        TextOf(field, ref json), Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                        ? day
                        : throw Wrong(field, "a date that exists, as yyyy-MM-dd");
                    break;
                case "revoked":
                    _revoked = InstantOf(field, ref json);
                    break;
                default:
                    throw new FormatException(
                        $"'{field}' is unknown; known: id, sha256, name, role, party, student, created, expires, revoked");
            }
        }

        public StoredKey ToKey()
        {
            foreach (var field in (ReadOnlySpan<string>)["id", "sha256", "name", "role", "created"])
            {
                if (!_seen.Contains(field))
                    throw new FormatException($"'{field}' is missing");
            }

            if ((Caller.NameProblem(_name) ?? Caller.Problem(_role, _party, _student)) is { } problem)
                throw new FormatException(problem);
            return new StoredKey(
                _id, _hash, _name, _role, _party, _student is { } student ? new StudentId(student) : null, _created,
                _expires, _revoked);
        }

        private static string TextOf(string field, ref Utf8JsonReader json) =>
            json.TokenType == JsonTokenType.String
                ? json.GetString()!
                : throw new FormatException($"'{field}' is not a text");

        private static byte[]? HashOf(string text) =>
            text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(text)
                : null;

        private static DateTimeOffset InstantOf(string field, ref Utf8JsonReader json) =>
            DateTimeOffset.TryParseExact(
                TextOf(field, ref json), Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var instant)
                ? instant
                : throw Wrong(field, "a time in UTC, as 2026-09-01T08:00:00Z");

        private static FormatException Wrong(string field, string wanted) => new($"'{field}' is not {wanted}");
    }
}
