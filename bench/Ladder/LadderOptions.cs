namespace Amoe.Bench.Ladder;

/// <summary>What a ladder is asked to do.</summary>
/// <param name="ScaleThousandths">Of the scenario; 1000 is the whole nation.</param>
/// <param name="Threads">Threads that decide, and that replay.</param>
/// <param name="Rounds">How often each rung is climbed; the median counts.</param>
/// <param name="Folder">Where the files are written, and deleted again.</param>
internal sealed record LadderOptions(int ScaleThousandths, ulong Seed, int Threads, int Rounds, string Folder)
{
    public const string Scenario = "national-year";
}
