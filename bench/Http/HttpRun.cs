using System.Globalization;
using Amoe.Bench.Ladder;
using Amoe.Bench.Peers;

namespace Amoe.Bench.Http;

/// <summary>The options of a run.</summary>
/// <param name="Partitions">Of the journal on PostgreSQL; null for the host's default.</param>
/// <param name="Claims">Lines of the stream.</param>
/// <param name="Rounds">How often each is measured on single calls, by turns; the middle one counts.</param>
internal sealed record HttpOptions(
    int Connections, TimeSpan WarmUp, TimeSpan Duration, int? Partitions, int Claims, int Rounds, string Folder);

/// <summary>Measures a live host on both journals and the textbook way beside it, under one load.</summary>
internal sealed class HttpRun
{
    private const int PartitionsOfPostgres = 64;

    private readonly HttpOptions _options;
    private readonly SqliteLadderStore _file;
    private readonly PostgresLadderStore _server;
    private readonly List<HttpPoint> _points = [];
    private readonly CancellationToken _stop;

    private HttpRun(HttpOptions options, SqliteLadderStore file, PostgresLadderStore server, CancellationToken stop) =>
        (_options, _file, _server, _stop) = (options, file, server, stop);

    /// <exception cref="PeerException">A server does not answer as it has to.</exception>
    public static async Task<HttpResult> RunAsync(HttpOptions options, CancellationToken stop)
    {
        Directory.CreateDirectory(options.Folder);
        var scratch = Path.Combine(options.Folder, "http-scratch.amoe");
        using var file = new SqliteLadderStore(scratch);
        using var server = PostgresLadderStore.Private(options.Folder);
        var machine = Machine.Describe(scratch);
        var run = new HttpRun(options, file, server, stop);
        for (var round = 1; round <= options.Rounds; round++)
        {
            await run.OnPostgresAsync();
            await run.TextbookAsync();
            await run.OnSqliteAsync(isLast: round == options.Rounds);
        }

        return new HttpResult(
            DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), machine,
            [file.Description, $"PostgreSQL, {server.Description}"], options.Partitions ?? PartitionsOfPostgres,
            [.. run._points.GroupBy(point => point.What).Select(Middle)]);
    }

    private static HttpPoint Middle(IEnumerable<HttpPoint> points)
    {
        HttpPoint[] ordered = [.. points.OrderBy(point => point.RequestsPerS)];
        return ordered[ordered.Length / 2];
    }

    private async Task OnPostgresAsync()
    {
        using var place = _server.NewPlace();
        string[] partitions = _options.Partitions is { } number ? ["--partitions", $"{number}"] : [];
        using var host = await ServeAsync([place.Address.Display, "--listen", "127.0.0.1:0", .. partitions]);
        var calls = new Calls(host.Key);
        await MeasureAsync(LoadOf(host, _server), HttpPoint.Postgres, calls);
    }

    private async Task TextbookAsync()
    {
        using var place = _server.NewPlace();
        var connection = PeerConnections.StringOf(place.Address.Connection);
        using var server = await Server.StartAsync(
            "Amoe.Bench.dll", [HttpVerb.Textbook, connection], _options.Folder, _stop);
        await MeasureAsync(LoadOf(server, _server), HttpPoint.Textbook, new Calls(key: null));
    }

    private async Task OnSqliteAsync(bool isLast)
    {
        using var place = _file.NewPlace();
        using var persons = isLast ? await Persons.CreateAsync(_options.Folder) : null;
        using var host = await ServeAsync([place.Address.Display, .. persons?.Options ?? []]);
        var (load, calls) = (LoadOf(host, _file), new Calls(host.Key));
        await MeasureAsync(load, HttpPoint.Sqlite, calls);
        if (persons is null)
            return;
        var (declared, next) = (calls.NewStudent() - 1, 0L);
        Keep(await load.DriveAsync(
            HttpPoint.EntitlementSqlite, calls.Entitlement, () => Interlocked.Increment(ref next) % declared + 1,
            Calls.IsDone, _stop));
        await Streams.RegisterAsync(host, persons.Entitled, _stop);
        Keep(await load.DriveAsync(
            HttpPoint.EntitlementAudited, calls.EntitlementByCin, persons.Next, Persons.IsRight, _stop));
        persons.RequireAudited();
        Keep(await Streams.ClaimsAsync(load, _options.Claims, calls.NewStudent, _stop));
    }

    private async Task MeasureAsync(Load load, string what, Calls calls) =>
        Keep(await load.DriveAsync(what, calls.Declare, calls.NewStudent, Calls.IsDone, _stop));

    private void Keep(HttpPoint point)
    {
        _points.Add(point);
        Console.Error.WriteLine(
            $"http: {point.What}: {point.RequestsPerS:N0} requests/s, "
            + $"{point.ClientUs + point.ServerUs + point.DatabaseUs:F0} µs of processor each");
    }

    private Load LoadOf(Server server, ILadderStore store) =>
        new(server, store, _options.Connections, _options.WarmUp, _options.Duration);

    /// <summary>A live host, which says in one line where it serves.</summary>
    private Task<Server> ServeAsync(IEnumerable<string> journal) => Server.StartAsync(
        "amoe.dll",
        [
            "serve", "--journal", .. journal, "--http", "127.0.0.1:0", "--development", "--until-stdin-closes",
            "-o", "json",
        ],
        _options.Folder, _stop);
}
