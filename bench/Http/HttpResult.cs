using System.Diagnostics;
using Amoe.Bench.Ladder;

namespace Amoe.Bench.Http;

/// <summary>Processor time, in seconds.</summary>
/// <param name="Client">Of this program, which makes the load.</param>
/// <param name="Server">Of the live host, or of the textbook way.</param>
/// <param name="Database">Of PostgreSQL, all its processes; 0 on a file.</param>
internal readonly record struct HttpCpu(double Client, double Server, double Database)
{
    public static HttpCpu operator -(HttpCpu after, HttpCpu before) =>
        new(after.Client - before.Client, after.Server - before.Server, after.Database - before.Database);
}

/// <summary>One measurement.</summary>
/// <param name="What">What was sent to which server.</param>
/// <param name="Requests">Calls answered, or lines of a stream.</param>
/// <param name="P50Ms">From the call's first byte to its answer's last; null for a stream.</param>
/// <param name="ClientUs">Processor time a request; the next two likewise.</param>
internal sealed record HttpPoint(
    string What, int Connections, long Requests, long RequestsPerS, double? P50Ms, double? P99Ms, double ClientUs,
    double ServerUs, double DatabaseUs)
{
    public const string Sqlite = "single calls, SQLite";
    public const string Postgres = "single calls, PostgreSQL";
    public const string Textbook = "single calls, textbook";
    public const string EntitlementSqlite = "entitlement, SQLite";
    public const string EntitlementAudited = "entitlement by CIN, audit";
    public const string ClaimStream = "claims stream, SQLite";

    private const int Million = 1_000_000;

    /// <param name="latencies">In ticks of the stopwatch, ascending.</param>
    public static HttpPoint Of(string what, int connections, double seconds, long[] latencies, HttpCpu cpu) =>
        Of(what, connections, seconds, latencies.Length, cpu) with
        {
            P50Ms = Ms(latencies[latencies.Length / 2]),
            P99Ms = Ms(latencies[(int)(latencies.Length * 0.99)]),
        };

    public static HttpPoint Of(string what, int connections, double seconds, long requests, HttpCpu cpu) => new(
        what, connections, requests, (long)(requests / seconds), null, null, Us(cpu.Client, requests),
        Us(cpu.Server, requests), Us(cpu.Database, requests));

    private static double Ms(long ticks) => Math.Round(ticks * 1_000d / Stopwatch.Frequency, 2);

    private static double Us(double seconds, long requests) => Math.Round(seconds * Million / requests, 1);
}

/// <summary>Everything one run found; its JSON has these names in snake case.</summary>
/// <param name="Date">Of the run, in UTC.</param>
internal sealed record HttpResult(
    string Date, Machine Machine, IReadOnlyList<string> Stores, int PostgresPartitions, IReadOnlyList<HttpPoint> Points)
{
    /// <summary>A measurement, or null where it was not made.</summary>
    public HttpPoint? Of(string what) => Points.FirstOrDefault(point => point.What == what);
}

/// <summary>Requests a second that a measurement has to reach, the client on the same machine.</summary>
internal sealed record HttpBudget(string What, long RequestsPerS)
{
    public static IReadOnlyList<HttpBudget> All { get; } =
    [
        new(HttpPoint.Sqlite, 6_000),
        new(HttpPoint.Postgres, 8_000),
        new(HttpPoint.EntitlementAudited, 10_000),
        new(HttpPoint.ClaimStream, 60_000),
    ];
}
