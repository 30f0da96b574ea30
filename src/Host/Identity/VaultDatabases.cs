using System.Text.Json;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>
/// <c>databases.json</c> in a host's folder of a shared vault: where persons and keys are, and how the host's own audit
/// log begins. An address may have a password, so that the file is its owner's alone.
/// </summary>
/// <param name="Persons">The database of persons.</param>
/// <param name="Keys">The database of their keys: another one, so that its backup is apart.</param>
/// <param name="Begin">The first line of this host's audit log, by which the databases know the log.</param>
internal sealed record VaultDatabases(JournalAddress Persons, JournalAddress Keys, AuditPosition Begin)
{
    public const string FileName = "databases.json";

    /// <summary>True for the folder of a host of a shared vault.</summary>
    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Looks whether persons and keys are apart.</summary>
    /// <exception cref="UsageException">They are not, or one of them is no database.</exception>
    public static void RequireApart(JournalAddress persons, JournalAddress keys)
    {
        foreach (var address in (JournalAddress[])[persons, keys])
        {
            if (!address.IsPostgres)
                throw new UsageException(
                    $"{address.Display} is a file, and hosts share a database: postgres://user@host/database.");
        }

        var (one, other) = (persons.Connection, keys.Connection);
        if ((one.Host, one.Port, one.Database) == (other.Host, other.Port, other.Database))
            throw new UsageException(
                $"{persons.Display} is the database of persons and of keys: name another for the keys, whose backup is apart.");
    }

    /// <exception cref="VaultException">The file cannot be read, or is none of these.</exception>
    public static VaultDatabases Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return new VaultDatabases(
                Address(root, "persons"), Address(root, "keys"),
                new AuditPosition(
                    0, root.GetProperty("log_bytes").GetInt64(), root.GetProperty("log_hash").GetString() ?? ""));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or JournalException or IOException or UnauthorizedAccessException)
        {
            // What is wrong with JSON is quoted by its reader, and a password is in it.
            throw new VaultException(
                $"{path}: it does not say in which databases the vault is. Put it back, or make the host's folder anew with amoe vault join.");
        }
    }

    public void Write(string folder)
    {
        using var file = new FileStream(
            Path.Combine(folder, FileName), VaultFiles.Options(FileMode.CreateNew, FileAccess.Write));
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("persons", Persons.Written);
            json.WriteString("keys", Keys.Written);
            json.WriteNumber("log_bytes", Begin.Offset);
            json.WriteString("log_hash", Begin.Hash);
            json.WriteEndObject();
        }

        file.Flush(flushToDisk: true);
    }

    private static JournalAddress Address(JsonElement root, string name) =>
        JournalAddress.Parse(root.GetProperty(name).GetString() ?? "") is { IsPostgres: true } address
            ? address
            : throw new FormatException();
}
