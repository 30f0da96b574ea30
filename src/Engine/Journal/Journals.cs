using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Journal;

/// <summary>
/// Finds a journal wherever it is, and opens it for reading. A writer opens it where it is: a file and a database are
/// opened in different ways.
/// </summary>
public static class Journals
{
    /// <summary>Opens a journal for reading and writes nothing.</summary>
    /// <exception cref="JournalException">
    /// It is missing, not a journal, of another version, damaged, out of reach, …
    /// </exception>
    public static IJournal OpenReadOnly(JournalAddress address) =>
        address.IsPostgres ? PostgresJournal.OpenReadOnly(address) : SqliteJournal.OpenReadOnly(address.Path);

    /// <summary>
    /// True when something is there already: a journal of whatever version in a database, any file of that name.
    /// </summary>
    /// <exception cref="JournalException">It is out of reach.</exception>
    public static bool Exists(JournalAddress address)
    {
        if (!address.IsPostgres)
            return File.Exists(address.Path);
        var database = new PostgresDatabase(address);
        return database.With(connection => PostgresSchema.Exists(connection, database));
    }
}
