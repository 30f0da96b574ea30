using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests;

/// <summary>How far a journal in a database has come.</summary>
internal static class JournalGrowth
{
    /// <summary>Waits until it has so many bytes of events.</summary>
    public static async Task ReachesAsync(this PrivateDatabase database, long bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (database.JournalBytes() < bytes)
            await Task.Delay(20, patience.Token);
    }

    public static long JournalBytes(this PrivateDatabase database) => database.Scalar<bool>("SELECT to_regclass('amoe.journal') IS NULL")
        ? 0
        : database.Scalar<long>("SELECT coalesce(sum(length(message)), 0)::bigint FROM amoe.journal");
}
