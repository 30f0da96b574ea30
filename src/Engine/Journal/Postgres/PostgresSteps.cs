namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// How the tables came to be: a new journal takes every step, an older one those it lacks. A step that a released
/// program took is never changed.
/// <code>
/// layout    one row: which step the tables are at
/// journal   the table of Akka.Persistence.Sql: a row for each event of a partition, and for each entry of the
///           journal's own
/// snapshot  the table of Akka.Persistence.Sql: the last snapshots of each partition
/// lease     one row: which one process may write, and until when it need not be asked; the format that records are
///           written in
/// host      a row for each host of the cluster that writes it, and for those that are dead
/// holding   a row for each partition that a host has ever held: the host that holds it, and how often it was taken
/// </code>
/// </summary>
internal static class PostgresSteps
{
    private const string First = """
        CREATE TABLE layout (one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL);
        -- No reader goes by «ordering»: without an index of its own an event costs one page less.
        CREATE TABLE journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY, created bigint NOT NULL, deleted boolean NOT NULL,
            persistence_id text COLLATE "C" NOT NULL, sequence_number bigint NOT NULL, message bytea NOT NULL,
            tags text, manifest text, identifier integer, writer_uuid text,
            UNIQUE (persistence_id, sequence_number));
        CREATE TABLE snapshot (
            persistence_id text COLLATE "C" NOT NULL, sequence_number bigint NOT NULL, created bigint NOT NULL,
            snapshot bytea NOT NULL, manifest text NOT NULL, serializer_id integer,
            PRIMARY KEY (persistence_id, sequence_number));
        -- What is dense already is not to be compressed again.
        ALTER TABLE journal ALTER message SET STORAGE EXTERNAL;
        ALTER TABLE snapshot ALTER snapshot SET STORAGE EXTERNAL;
        CREATE TABLE lease (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), holder bigint NOT NULL, name text NOT NULL, lasts_until timestamptz NOT NULL);
        INSERT INTO lease (holder, name, lasts_until) VALUES (0, '', '-infinity');
        """;

    private const string Hosts = """
        CREATE TABLE host (
            id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, member text COLLATE "C" NOT NULL UNIQUE, endpoint text NOT NULL, build text NOT NULL,
            format integer NOT NULL, lasts_until timestamptz NOT NULL, joined timestamptz, leaving boolean NOT NULL DEFAULT false,
            dead boolean NOT NULL DEFAULT false);
        -- No foreign key: a host's row is renewed every second, and its partitions are not to be looked at each time.
        CREATE TABLE holding (partition integer PRIMARY KEY, host bigint);
        """;

    private const string Format = "ALTER TABLE lease ADD COLUMN format integer NOT NULL DEFAULT 2";

    private const string Takings = "ALTER TABLE holding ADD COLUMN taking bigint NOT NULL DEFAULT 0";

    public static readonly IReadOnlyList<string> All = [First, Hosts, Format, Takings];

    /// <summary>
    /// The privileges of a role that writes the journal and owns nothing, by table. It can neither change nor delete
    /// what was appended.
    /// </summary>
    public static readonly IReadOnlyList<(string Table, string Privileges)> OfWriters =
    [
        ("layout", "SELECT"),
        (Journal, "SELECT, INSERT"),
        ("snapshot", "SELECT, INSERT, UPDATE, DELETE"),
        ("lease", "SELECT, UPDATE"),
        ("host", "SELECT, INSERT, UPDATE, DELETE"),
        ("holding", "SELECT, INSERT, UPDATE"),
    ];

    /// <summary>The table of what was appended.</summary>
    public const string Journal = "journal";

    /// <summary>Grants for a role that writes the journal.</summary>
    public static string Grants(string schema, string role) => string.Join(
        ";\n", OfWriters.Select(granted => $"GRANT {granted.Privileges} ON {granted.Table} TO {role}").Prepend(
            $"GRANT USAGE ON SCHEMA {schema} TO {role}"));
}
