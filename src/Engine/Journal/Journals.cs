using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Journal;

/// <summary>Opens a journal wherever it is.</summary>
public static class Journals
{
    /// <summary>Makes a new journal and opens it for writing.</summary>
    /// <exception cref="JournalException">There is one already, or its place cannot be reached or written.</exception>
    internal static IJournalStore Create(JournalAddress address, JournalIdentity identity) =>
        address.IsPostgres ? PostgresJournal.Create(address, identity) : SqliteJournal.Create(address.Path, identity);

    /// <summary>Opens a journal for writing.</summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another version, damaged, read-only, in use, out of reach, …</exception>
    internal static IJournalStore Open(JournalAddress address) =>
        address.IsPostgres ? PostgresJournal.Open(address) : SqliteJournal.Open(address.Path);

    /// <summary>Opens a journal for reading and writes nothing.</summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another version, damaged, out of reach, …</exception>
    public static IJournal OpenReadOnly(JournalAddress address) =>
        address.IsPostgres ? PostgresJournal.OpenReadOnly(address) : SqliteJournal.OpenReadOnly(address.Path);

    /// <summary>True when something is there already: a journal of whatever version in a database, any file of that name.</summary>
    /// <exception cref="JournalException">It is out of reach.</exception>
    public static bool Exists(JournalAddress address) =>
        address.IsPostgres ? PostgresJournal.Exists(address) : File.Exists(address.Path);
}
