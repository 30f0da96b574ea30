namespace Amoe.Bench.Ladder;

/// <summary>The options of a ladder.</summary>
/// <param name="ScaleThousandths">Of the scenario; 1000 is the whole nation.</param>
/// <param name="Threads">Threads that decide, and that replay.</param>
/// <param name="Rounds">How often each rung is climbed; the median counts.</param>
/// <param name="Folder">Where the files are written, and deleted again.</param>
/// <param name="Journal">
/// The store of the ladder: <see cref="Sqlite"/>, <see cref="Postgres"/> for a private server, or the address of an
/// existing one.
/// </param>
internal sealed record LadderOptions(
    int ScaleThousandths, ulong Seed, int Threads, int Rounds, string Folder, string Journal)
{
    public const string Scenario = "national-year";
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>True when the store is a server: the baselines on the same server are measured too.</summary>
    public bool IsOnPostgres => Journal != Sqlite;
}
