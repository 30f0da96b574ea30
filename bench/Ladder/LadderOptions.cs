namespace Amoe.Bench.Ladder;

/// <summary>What a ladder is asked to do.</summary>
/// <param name="ScaleThousandths">Of the scenario; 1000 is the whole nation.</param>
/// <param name="Threads">Threads that decide, and that replay.</param>
/// <param name="Rounds">How often each rung is climbed; the median counts.</param>
/// <param name="Folder">Where the files are written, and deleted again.</param>
/// <param name="Journal">
/// What the ladder stands on: <see cref="Sqlite"/>, <see cref="Postgres"/> for a server of its own, or the address of
/// one that is there.
/// </param>
internal sealed record LadderOptions(int ScaleThousandths, ulong Seed, int Threads, int Rounds, string Folder, string Journal)
{
    public const string Scenario = "national-year";
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>True when it stands on a server, and is compared with what others do on one.</summary>
    public bool IsOnPostgres => Journal != Sqlite;
}
