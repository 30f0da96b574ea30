using System.Security.Cryptography;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Host.Identity;

/// <summary>
/// Makes the tables of a vault that several hosts share, and the folder by which a host uses them.
/// </summary>
internal static class SharedVault
{
    private const int LayoutVersion = 1;

    private const string Vault = "vault";

    /// <summary>
    /// Each audit log's last line that this database has seen, by the hash of the log's first one.
    /// </summary>
    private const string BothSchemas = """
        CREATE TABLE erased (student bigint PRIMARY KEY);
        CREATE TABLE audit_mark (
            log text PRIMARY KEY, sequence bigint NOT NULL, bytes bigint NOT NULL, hash text NOT NULL);
        """;

    /// <summary>A number has one owner, whatever hosts do at the same time: its hash is the key of its row.</summary>
    private const string PersonsSchema = $"""
        CREATE TABLE vault (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), id text NOT NULL, layout integer NOT NULL);
        CREATE TABLE person (student bigint PRIMARY KEY, sealed bytea NOT NULL);
        CREATE TABLE person_number (
            hash bytea PRIMARY KEY CHECK (octet_length(hash) = 16),
            student bigint NOT NULL REFERENCES person ON DELETE CASCADE);
        CREATE INDEX person_number_student ON person_number (student);
        {BothSchemas}
        """;

    private const string KeysSchema = $"""
        CREATE TABLE vault (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), id text NOT NULL, layout integer NOT NULL,
            master text NOT NULL, index_key bytea NOT NULL, next_master text, next_index_key bytea);
        CREATE TABLE person_key (student bigint PRIMARY KEY, master text NOT NULL, wrapped bytea NOT NULL);
        {BothSchemas}
        """;

    /// <summary>Makes an empty vault in two databases, and this host's folder.</summary>
    /// <exception cref="JournalException">A database cannot be used.</exception>
    /// <exception cref="VaultException">One has a vault, or the folder has something in it.</exception>
    public static void Create(
        string folder, JournalAddress persons, JournalAddress keys, MasterKey master, string host, TimeProvider time)
    {
        VaultFiles.RequireNew(folder);
        VaultDatabases.RequireApart(persons, keys);
        var (ofPersons, ofKeys) = (new VaultDatabase(persons).Database, new VaultDatabase(keys).Database);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var index = RandomNumberGenerator.GetBytes(Seal.KeyBytes);
        PostgresDefinition.Run(ofKeys, connection =>
        {
            Make(connection, ofKeys, KeysSchema);
            connection.Run(
                "INSERT INTO vault (id, layout, master, index_key) VALUES ($1, $2, $3, $4)", id, LayoutVersion,
                master.Id, master.Wrap(index));

            // Within the other: where persons have no place, nothing is made for keys.
            PostgresDefinition.Run(ofPersons, inner =>
            {
                Make(inner, ofPersons, PersonsSchema);
                inner.Run("INSERT INTO vault (id, layout) VALUES ($1, $2)", id, LayoutVersion);
            });
        });
        CryptographicOperations.ZeroMemory(index);
        Join(folder, persons, keys, host, time);
    }

    /// <summary>
    /// Makes the folder by which one more host uses a vault that is there, with an audit log of its own.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    public static void Join(
        string folder, JournalAddress persons, JournalAddress keys, string host, TimeProvider time)
    {
        VaultFiles.RequireNew(folder);
        VaultDatabases.RequireApart(persons, keys);
        var (ofPersons, ofKeys) = (new VaultDatabase(persons), new VaultDatabase(keys));
        RequireOneVault(ofPersons, ofKeys);
        VaultFiles.MakeFolder(folder, draft =>
        {
            var begin = AuditLog.Create(Path.Combine(draft, VaultFiles.Audit), host, time);
            new VaultDatabases(persons, keys, begin).Write(draft);
            foreach (var database in (VaultDatabase[])[ofKeys, ofPersons])
            {
                using var session = database.Begin();
                session.Run(
                    "INSERT INTO audit_mark (log, sequence, bytes, hash) VALUES ($1, $2, $3, $1)", begin.Hash,
                    begin.Sequence, begin.Offset);
                session.Commit();
            }
        });
    }

    /// <summary>Looks whether both databases have a vault of this layout, and the same one.</summary>
    /// <returns>The vault's id.</returns>
    /// <exception cref="VaultException">They have not.</exception>
    public static string RequireOneVault(VaultDatabase persons, VaultDatabase keys)
    {
        var (one, other) = (IdOf(persons), IdOf(keys));
        return one == other
            ? one
            : throw new VaultException(
                $"{keys.Name} and {persons.Name} are of two vaults. Name the one that belongs to the other, or put it back.");
    }

    /// <summary>Looks whether a vault can be made in two databases.</summary>
    /// <exception cref="UsageException">They are one database, or none.</exception>
    /// <exception cref="VaultException">One of them has a vault.</exception>
    public static void RequireNone(JournalAddress persons, JournalAddress keys)
    {
        VaultDatabases.RequireApart(persons, keys);
        foreach (var address in (JournalAddress[])[persons, keys])
        {
            var database = new VaultDatabase(address).Database;
            database.With(connection => RequireNone(connection, database));
        }
    }

    private static void Make(NpgsqlConnection connection, PostgresDatabase database, string schema)
    {
        PostgresDefinition.MakeSchema(connection, database);
        RequireNone(connection, database);
        connection.Run(schema);
    }

    private static void RequireNone(NpgsqlConnection connection, PostgresDatabase database)
    {
        if (PostgresDefinition.HasTable(connection, database, Vault))
            throw new VaultException(
                $"{database.Name}: there is an identity vault already. Use it with amoe vault join, or name another database.");
    }

    private static string IdOf(VaultDatabase database) => database.Database.With(connection =>
    {
        if (!PostgresDefinition.HasTable(connection, database.Database, Vault))
            throw new VaultException(
                $"{database.Name}: there is no identity vault in it. Make one with amoe vault create, or name the database that has it.");
        PostgresDefinition.RequirePrimary(connection, database.Database);
        var layout = connection.Number("SELECT layout FROM vault");
        return layout == LayoutVersion
            ? connection.Text("SELECT id FROM vault")
            : throw new VaultException(
                $"{database.Name}: its vault has layout {layout} and this program reads {LayoutVersion}. Open it with the program that made it.");
    });
}
