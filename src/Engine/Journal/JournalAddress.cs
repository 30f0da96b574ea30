using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Amoe.Engine.Journal;

/// <summary>
/// Where a journal is: a file, or a schema in a PostgreSQL database written as
/// <c>postgres://user:password@host:port/database?schema=amoe&amp;sslmode=verify-full</c>. What is left out is as for
/// every PostgreSQL program: the environment (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGPASSFILE, PGSSLMODE,
/// …), then localhost, 5432 and the user's own name.
/// </summary>
public sealed partial class JournalAddress
{
    /// <summary>The schema of a journal that names none.</summary>
    public const string DefaultSchema = "amoe";

    private const int SchemaCharactersMax = 63;

    private static readonly string[] _schemes = ["postgres://", "postgresql://"];

    private readonly NpgsqlConnectionStringBuilder? _connection;

    private JournalAddress(string written, string display, NpgsqlConnectionStringBuilder? connection, string schema) =>
        (Written, Display, _connection, Schema) = (written, display, connection, schema);

    /// <summary>The name of the journal in messages: the path, or the address without its password.</summary>
    public string Display { get; }

    /// <summary>
    /// As it was written, for another process of this program. It may hold a password: never to be printed.
    /// </summary>
    internal string Written { get; }

    /// <summary>True when it is in a PostgreSQL database.</summary>
    public bool IsPostgres => _connection is not null;

    /// <summary>The schema its tables are in; of a file nothing.</summary>
    public string Schema { get; }

    /// <summary>Of a file: its path as it was given.</summary>
    public string Path => IsPostgres ? throw new InvalidOperationException($"{Display} is not a file.") : Display;

    /// <summary>A new connection string to the database, which may hold a password: never to be printed.</summary>
    internal NpgsqlConnectionStringBuilder Connection =>
        new(_connection?.ConnectionString ?? throw new InvalidOperationException($"{Display} is a file."));

    /// <summary>True for what begins as an address of a PostgreSQL database does.</summary>
    public static bool NamesPostgres(string text) =>
        _schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address; whatever does not begin with <c>postgres://</c> is a file's path.</summary>
    /// <exception cref="JournalException">
    /// It begins as an address and goes on as none. The message holds no password.
    /// </exception>
    public static JournalAddress Parse(string text)
    {
        if (!NamesPostgres(text))
            return new JournalAddress(text, text, null, "");
        var rest = text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var (beforeQuery, query) = Split(rest, '?');
        var (authority, database) = Split(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", null) : Split(authority[..at], ':');
        var (host, port) = HostAndPort(authority[(at + 1)..]);

        user = Decoded(user, "user") is { Length: > 0 } named
            ? named
            : Environment("PGUSER") ?? System.Environment.UserName;
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = Decoded(host, "host") is { Length: > 0 } given ? given : Environment("PGHOST") ?? "localhost",
            Port = Port(port is { Length: > 0 } ? port : Environment("PGPORT") ?? "5432"),
            Username = user,
            Password = password is { Length: > 0 } ? Decoded(password, "password") : null,
            Database = Decoded(database ?? "", "database") is { Length: > 0 } inside
                ? inside
                : Environment("PGDATABASE") ?? user,
        };
        if (Environment("PGSSLMODE") is { } mode)
            connection.SslMode = Tls(mode);
        var schema = DefaultSchema;
        foreach (var (name, value) in Parameters(query))
            Apply(connection, name, value, ref schema);
        return new JournalAddress(text, DisplayOf(connection, schema), connection, schema);
    }

    /// <summary>A text with the password of every address in it left out.</summary>
    public static string WithoutPasswords(string text) => Password().Replace(text, "$1***$2");

    public override string ToString() => Display;

    private static string DisplayOf(NpgsqlConnectionStringBuilder connection, string schema)
    {
        var host = connection.Host!.Contains(':', StringComparison.Ordinal) ? $"[{connection.Host}]" : connection.Host;
        var where =
            $"postgres://{connection.Username}@{host}:{connection.Port.ToString(CultureInfo.InvariantCulture)}/{connection.Database}";
        return schema == DefaultSchema ? where : $"{where}?schema={schema}";
    }

    private static void Apply(NpgsqlConnectionStringBuilder connection, string name, string value, ref string schema)
    {
        switch (name)
        {
            case "schema":
                schema = SchemaName(value);
                break;
            case "sslmode":
                connection.SslMode = Tls(value);
                break;
            case "sslrootcert":
                connection.RootCertificate = value;
                break;
            case "sslcert":
                connection.SslCertificate = value;
                break;
            case "sslkey":
                connection.SslKey = value;
                break;
            case "sslpassword":
                connection.SslPassword = value;
                break;
            case "passfile":
                connection.Passfile = value;
                break;
            case "password":
                connection.Password = value;
                break;
            case "user":
                connection.Username = value;
                break;
            case "host":
                connection.Host = value;
                break;
            case "port":
                connection.Port = Port(value);
                break;
            case "dbname":
                connection.Database = value;
                break;
            default:
                throw Wrong(
                    $"it sets «{name}», which is not known here. Known are schema, sslmode, sslrootcert, sslcert, sslkey, sslpassword, passfile, user, password, host, port and dbname");
        }
    }

    private static IEnumerable<(string Name, string Value)> Parameters(string? query)
    {
        foreach (var parameter in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(parameter, '=');
            if (value is null)
                throw Wrong($"its parameter «{name}» has no value");
            yield return (Decoded(name, "parameter"), Decoded(value, name));
        }
    }

    private static (string Host, string? Port) HostAndPort(string text)
    {
        if (text.Contains(',', StringComparison.Ordinal))
            throw Wrong("it names several servers. Name the one that takes writes");
        if (!text.StartsWith('['))
            return Split(text, ':');
        var end = text.IndexOf(']', StringComparison.Ordinal);
        if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
            throw Wrong("its host begins with «[» and does not end as an IPv6 address does");
        return (text[1..end], end + 1 < text.Length ? text[(end + 2)..] : null);
    }

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw Wrong("its port is not a number from 1 to 65535");

    private static SslMode Tls(string text) => text switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw Wrong("its sslmode is none of disable, allow, prefer, require, verify-ca and verify-full"),
    };

    private static string SchemaName(string text) =>
        text.Length is > 0 and <= SchemaCharactersMax
            && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')
            && !char.IsAsciiDigit(text[0])
        && !text.StartsWith("pg_", StringComparison.Ordinal)
            ? text
            : throw Wrong(
                "its schema is not a name of small letters, digits and «_» that begins with a letter and not with «pg_»");

    private static string? Environment(string name) =>
        System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Decoded(string text, string what)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw Wrong(
                    $"its {what} has a «%» that no two hexadecimal digits follow. Write «%25» for the character itself");
        }

        var decoded = Uri.UnescapeDataString(text);
        return decoded.Contains('\0', StringComparison.Ordinal)
            ? throw Wrong($"its {what} holds a character 0")
            : decoded;
    }

    private static (string First, string? Second) Split(string text, char at)
    {
        var i = text.IndexOf(at, StringComparison.Ordinal);
        return i < 0 ? (text, null) : (text[..i], text[(i + 1)..]);
    }

    // A password that was not written as it should be may hold anything but what ends a word.
    [GeneratedRegex(
        @"(postgres(?:ql)?://[^\s:@/]*:)[^\s']*(@)|(?<=[?&](?:ssl)?password=)[^\s&']*", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    /// <summary>The message omits the address: in a malformed one, the password cannot be found and masked.</summary>
    private static JournalException Wrong(string what) =>
        new($"the journal's address cannot be read: {what}. Write postgres://user@host:port/database?schema=name.");
}
