using System.Diagnostics;
using System.Globalization;
using Amoe.Bench.Ladder;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Peers;

/// <summary>The options of a comparison.</summary>
/// <param name="Time">
/// For what comes after the recording: what is left is shared out among the points that are left.
/// </param>
/// <param name="Concurrency">
/// Numbers of commands under way; none to check the peers' decisions and measure nothing.
/// </param>
internal sealed record PeersOptions(
    int ScaleThousandths, ulong Seed, TimeSpan Time, string Folder, IReadOnlyList<PeerKind> Peers,
    IReadOnlyList<int> Concurrency);

/// <summary>Compares the peers once: one process, one machine, one recording, every point on an empty store.</summary>
internal sealed class PeersRun
{
    // Of as many students that the year takes half of a point's time, so that a slow moment does not stop it. A year
    // that took less than a quarter was of too few, because the rate so far was too low: with fewer under way, or while
    // the peer was compiled.
    private const double TimeUsed = 0.5;
    private const double TimeUsedMin = 0.25;

    // A peer's first run compiles it. Its figures are of no interest, its decisions are.
    private const int WarmUpStudents = 200;
    private const int WarmUpConcurrency = 64;
    private const double PointSecondsMin = 2;
    private static readonly TimeSpan _warmUpLimit = TimeSpan.FromSeconds(20);

    private readonly PeersOptions _options;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, double> _rates = [];
    private readonly SqliteLadderStore _file;
    private readonly PostgresLadderStore? _server;
    private readonly Year _year;
    private readonly CancellationToken _stop;
    private double _secondsBeside;
    private int _pointsDone;

    private PeersRun(
        PeersOptions options, Year year, SqliteLadderStore file, PostgresLadderStore? server, CancellationToken stop) =>
        (_options, _year, _file, _server, _stop) = (options, year, file, server, stop);

    /// <exception cref="PeerException">A peer decided otherwise than the engine, or does not answer.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static async Task<PeersResult> RunAsync(PeersOptions options, CancellationToken stop)
    {
        Directory.CreateDirectory(options.Folder);
        var scratch = Path.Combine(options.Folder, "peers-scratch.amoe");
        using var file = new SqliteLadderStore(scratch);
        var needsServer = options.Peers.Any(peer => peer.IsOnPostgres);
        using var server = needsServer ? PostgresLadderStore.Private(options.Folder) : null;
        Say("the machine");
        var machine = Machine.Describe(scratch);
        Say("recording");
        var scenario = new LadderOptions(
            options.ScaleThousandths, options.Seed, Environment.ProcessorCount, Rounds: 1, options.Folder,
            LadderOptions.Sqlite);
        var recording = await Recording.MakeAsync(scenario, PartitionCounts.InDatabase);
        Say($"recorded {recording.Commands:N0} commands; deciding them as the peers will");
        var year = Year.Of(recording);
        var points = await new PeersRun(options, year, file, server, stop).SweepAsync();
        return new PeersResult(
            DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), LadderOptions.Scenario,
            options.ScaleThousandths / 1000m, options.Seed, year.Commands.Length, year.Students.Length,
            recording.Digest.ToString("x16", CultureInfo.InvariantCulture), machine,
            [file.Description, .. server is null ? [] : new[] { $"PostgreSQL, {server.Description}" }],
            [.. options.Peers.Select(peer => new PeerSettings(peer.Name, peer.Settings))], options.Concurrency, points);
    }

    /// <summary>
    /// By number under way, every peer: whatever else the machine does meanwhile falls on all of them.
    /// </summary>
    private async Task<List<PeerPoint>> SweepAsync()
    {
        foreach (var peer in _options.Peers)
        {
            var point = await RunAsync(peer, WarmUpStudents, WarmUpConcurrency, _warmUpLimit);
            _rates[peer.Name] = point.CommandsPerS;
            Say($"{peer.Name}: decides as the engine ({point.Commands:N0} commands of {point.Students} students)");
        }

        var points = new List<PeerPoint>();
        var left = _options.Concurrency.Count * _options.Peers.Count;
        foreach (var underWay in _options.Concurrency)
        {
            foreach (var peer in _options.Peers)
            {
                var begun = Stopwatch.GetTimestamp();
                var point = await MeasureAsync(peer, underWay, TimeFor(left--));
                points.Add(point);
                _pointsDone++;
                _secondsBeside += Stopwatch.GetElapsedTime(begun).TotalSeconds - point.WallS;
                Say($"{underWay:N0} under way, {peer.Name}: {point.CommandsPerS:N0} commands/s, "
                    + $"{point.Commands:N0} commands in {point.WallS:F1} s{(point.IsExtrapolated ? ", stopped" : "")}");
            }
        }

        return points;
    }

    private async Task<PeerPoint> MeasureAsync(PeerKind peer, int underWay, TimeSpan time)
    {
        while (true)
        {
            var students = StudentsFor(peer, underWay, time);
            var point = await RunAsync(peer, students, underWay, time);
            _rates[peer.Name] = point.CommandsPerS;
            var isLong = point.WallS > time.TotalSeconds * TimeUsedMin;
            if (isLong || students >= _year.Students.Length || StudentsFor(peer, underWay, time) <= students)
                return point;
        }
    }

    private async Task<PeerPoint> RunAsync(PeerKind peer, int students, int underWay, TimeSpan limit)
    {
        _stop.ThrowIfCancellationRequested();
        ILadderStore store = peer.IsOnPostgres ? _server! : _file;
        using var place = store.NewPlace();
        var run = new PeerRun(
            peer.Name, _year, Math.Min(students, _year.Students.Length), underWay, limit, store, place, _stop);
        var point = PeerPoint.Of(run, await peer.RunAsync(run));
        _stop.ThrowIfCancellationRequested();
        return point;
    }

    /// <summary>An equal share of what is left, less what a point costs beside: store, start and check.</summary>
    private TimeSpan TimeFor(int pointsLeft)
    {
        var beside = _pointsDone == 0 ? 0 : _secondsBeside / _pointsDone;
        var share = (_options.Time - Stopwatch.GetElapsedTime(_started)).TotalSeconds / pointsLeft;
        return TimeSpan.FromSeconds(Math.Max(PointSecondsMin, share - beside));
    }

    /// <summary>
    /// As many as a peer gets through in time, by its rate so far. And enough for so many to be under way: each has one
    /// thing under way at a time, and where days are opened, a day of all of them has so many commands.
    /// </summary>
    private int StudentsFor(PeerKind peer, int underWay, TimeSpan limit)
    {
        var commandsOfOne = (double)_year.Commands.Length / _year.Students.Length;
        var days = _year.Closes.DayNumber - _year.Opens.DayNumber + 1;
        var least = peer.OpensDays ? underWay * days / commandsOfOne : 2.0 * underWay;
        return (int)Math.Max(least, _rates[peer.Name] * limit.TotalSeconds * TimeUsed / commandsOfOne);
    }

    private static void Say(string what) => Console.Error.WriteLine($"peers: {what}");
}
