using System.Net.Sockets;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>
/// The journal in a schema of a PostgreSQL database. One process at a time writes it, under a lease, or the hosts of
/// one cluster do, each under its own. Readers never wait for them nor hold them up.
/// </summary>
internal sealed class PostgresJournal : PartitionJournal
{
    private readonly PostgresDatabase _database;

    // Null where it was opened for reading.
    private PostgresRenewedLease? _lease;

    private PostgresJournal(PostgresDatabase database, bool isToBeWritten)
        : base(database.Name)
    {
        _database = database;
        using var rows = new PostgresEventRows(database);
        try
        {
            PostgresSchema.RequireCurrent(database, rows.Connection, isToBeWritten);
            Load(rows);
        }
        catch (NpgsqlException e)
        {
            throw database.Failure(e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override bool ComesBack => true;

    public override IJournalLease Lease => _lease ?? base.Lease;

    /// <summary>The bytes of the snapshots now kept.</summary>
    public long MeasureSnapshots() =>
        _database.With(connection =>
            (long)connection.Command("SELECT coalesce(sum(length(snapshot)), 0)::bigint FROM snapshot")
                .ExecuteScalar()!);

    /// <summary>
    /// For the framework's plugins, which open connections themselves. It may hold a password: never to be printed.
    /// </summary>
    public string ConnectionString => _database.ConnectionString(PostgresUse.Write);

    /// <summary>Makes the schema and its tables, and opens the journal for writing.</summary>
    /// <param name="name">The name by which others know who writes it.</param>
    /// <exception cref="JournalException">
    /// There is one already, no server answers, the password is wrong, …
    /// </exception>
    public static Task<PostgresJournal> CreateAsync(
        JournalAddress address, JournalIdentity identity, string name, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(identity.FormatVersion, JournalIdentity.CurrentFormatVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(identity.StudentPartitions, 1);
        PostgresSchema.Create(new PostgresDatabase(address), identity);
        return OpenAsync(address, name, time);
    }

    /// <summary>Makes an empty journal where there is none, whole or not at all.</summary>
    /// <returns>False where there is one, or another process has just made it.</returns>
    /// <exception cref="JournalException">
    /// The database cannot hold one, the user may not make one, no server answers, …
    /// </exception>
    public static bool TryBegin(JournalAddress address, JournalIdentity identity)
    {
        var database = new PostgresDatabase(address);

        // One of the former layout is refused by name where it is opened.
        if (database.With(connection =>
            PostgresSchema.Exists(connection, database) || PostgresSchema.IsOfFormerLayout(connection, database)))
            return false;
        try
        {
            PostgresSchema.Create(database, identity);
            return true;
        }
        catch (JournalException) when (Journals.Exists(address))
        {
            return false;
        }
    }

    /// <summary>Opens a journal for its one writer, and keeps others out until it is disposed.</summary>
    /// <param name="name">The name by which others know who writes it.</param>
    /// <exception cref="JournalException">
    /// There is none, it is of another version, another process writes it, no server answers, …
    /// </exception>
    public static async Task<PostgresJournal> OpenAsync(JournalAddress address, string name, TimeProvider time)
    {
        var database = new PostgresDatabase(address);
        database.With(connection => PostgresSchema.RequireCurrent(database, connection, isToBeWritten: true));
        var lease = await PostgresLease.TakeAsync(database, name, time);
        try
        {
            return new PostgresJournal(database, isToBeWritten: true) { _lease = lease };
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a journal for writing under a host's lease, beside the other hosts of its cluster. It gives the lease back
    /// when it is disposed.
    /// </summary>
    /// <param name="database">The one that the host's lease was begun with, which names its connections.</param>
    /// <exception cref="JournalException">There is none, it is of another version, …</exception>
    public static PostgresJournal OpenShared(PostgresDatabase database, PostgresHostLease lease) =>
        new(database, isToBeWritten: true) { _lease = lease };

    /// <summary>Opens a journal for reading and writes nothing: on a standby too, and while it is written.</summary>
    /// <exception cref="JournalException">
    /// There is none, it is of another version, no server answers, the password is wrong, …
    /// </exception>
    public static PostgresJournal OpenReadOnly(JournalAddress address) =>
        new(new PostgresDatabase(address), isToBeWritten: false);

    /// <summary>
    /// Lets a role write the journal and nothing more: what was appended it can neither change nor delete.
    /// </summary>
    /// <exception cref="JournalException">
    /// There is no such journal or role, or this user may not grant.
    /// </exception>
    public static void Grant(JournalAddress address, string role) =>
        PostgresSchema.Grant(new PostgresDatabase(address), role);

    public override JournalException? FailureOf(Exception e) =>
        e is NpgsqlException or SocketException or IOException ? _database.Failure(e) : null;

    public override void Dispose()
    {
        base.Dispose();
        _lease?.Dispose();
    }

    protected override IEventRows OpenRows() => new PostgresEventRows(_database);
}
