using Amoe.Engine.Journal.Postgres;

namespace Amoe.Tests.Postgres;

/// <summary>Whether tests that need PostgreSQL can run here.</summary>
internal static class PostgresBinaries
{
    private static readonly Lazy<string?> _missing = new(() =>
    {
        if (PostgresPrograms.Missing is { } why)
            Console.Error.WriteLine($"SKIPPED: every test that needs PostgreSQL: {why}");
        return PostgresPrograms.Missing;
    });

    /// <summary>
    /// Why no server can be started here, in one line, or null when one can. Said once on standard error too.
    /// </summary>
    public static string? Missing => _missing.Value;
}
