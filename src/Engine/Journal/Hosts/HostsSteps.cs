namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// How the tables came to be: a new journal takes every step, an older one those it lacks. A step that a released program took is never changed, and
/// leaves programs of the step before it able to go on: hosts are replaced one after the other.
/// <code>
/// journal   one row: what the journal was created with, and which step its tables are at
/// rulebook  one row per rulebook adopted since
/// shard     one row per shard, student shards first: where its log ends, whose it is, and the epoch that fences the next append
/// segment   one row per shard and turn
/// host      one row per host that has not left
/// snapshot  the latest snapshot of each shard
/// </code>
/// </summary>
internal static class HostsSteps
{
    private const string Log = """
        CREATE TABLE journal (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), schema_version integer NOT NULL, format_version integer NOT NULL, shard_count integer NOT NULL,
            party_shard_count integer NOT NULL, rulebook text NOT NULL, source text NOT NULL, seed bigint NOT NULL, scale integer NOT NULL);
        CREATE TABLE rulebook (number integer PRIMARY KEY, day integer NOT NULL, text text NOT NULL);
        -- A shard's row changes with every append: room on its page keeps the new version beside the old one, and its only index as it is.
        CREATE TABLE shard (id integer PRIMARY KEY, epoch bigint NOT NULL, head bigint NOT NULL, payload_bytes bigint NOT NULL) WITH (fillfactor = 25);
        CREATE TABLE segment (
            shard integer NOT NULL, "offset" bigint NOT NULL, epoch bigint NOT NULL, count integer NOT NULL, checksum bigint NOT NULL, payload bytea NOT NULL,
            PRIMARY KEY (shard, "offset"));
        -- Payloads are dense already, and most fit beside their row.
        ALTER TABLE segment ALTER payload SET STORAGE EXTERNAL;
        ALTER TABLE segment SET (toast_tuple_target = 8160);
        """;

    private const string Ownership = """
        CREATE TABLE host (
            id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, endpoint text NOT NULL, format integer NOT NULL, leaving boolean NOT NULL DEFAULT false,
            lease_until timestamptz NOT NULL);
        ALTER TABLE shard ADD owner bigint REFERENCES host ON DELETE SET NULL, ADD format integer NOT NULL DEFAULT 0;
        """;

    private const string Snapshots = """
        CREATE TABLE snapshot (shard integer PRIMARY KEY, "offset" bigint NOT NULL, checksum bigint NOT NULL, payload bytea NOT NULL);
        ALTER TABLE snapshot ALTER payload SET STORAGE EXTERNAL;
        """;

    public static readonly IReadOnlyList<string> All = [Log, Ownership, Snapshots];

    /// <summary>What a role needs that runs hosts and owns nothing. What was appended he can neither change nor delete.</summary>
    public static string Grants(string schema, string role) => $"""
        GRANT USAGE ON SCHEMA {schema} TO {role};
        GRANT SELECT ON journal TO {role};
        GRANT SELECT, INSERT ON rulebook, segment TO {role};
        GRANT SELECT, UPDATE ON shard TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON host, snapshot TO {role};
        """;
}
