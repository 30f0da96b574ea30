using Amoe.Engine.Journal;
using SQLitePCL;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// An error of the file's content is damage. Any other error says nothing of what the file holds, and what was asked
/// may be asked again.
/// </summary>
public sealed class SqliteFailureTests
{
    [Theory]
    [InlineData(raw.SQLITE_BUSY)]
    [InlineData(raw.SQLITE_LOCKED)]
    [InlineData(raw.SQLITE_NOMEM)]
    [InlineData(raw.SQLITE_IOERR)]
    [InlineData(raw.SQLITE_IOERR | (1 << 8))]
    [InlineData(raw.SQLITE_CANTOPEN)]
    [InlineData(raw.SQLITE_FULL)]
    public void An_error_of_the_store_leaves_the_journal_unavailable(int code) =>
        Assert.IsType<JournalUnavailableException>(SqliteDatabase.Failure("year.amoe", code, "a test"));

    [Theory]
    [InlineData(raw.SQLITE_CORRUPT)]
    [InlineData(raw.SQLITE_CORRUPT | (3 << 8))]
    [InlineData(raw.SQLITE_NOTADB)]
    public void An_error_of_the_content_is_damage(int code) =>
        Assert.IsType<JournalException>(SqliteDatabase.Failure("year.amoe", code, "a test"));
}
