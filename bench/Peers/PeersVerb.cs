using System.CommandLine;
using Amoe.Engine.Journal;
using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary><c>peers</c>: the same students and claims on other systems, in one run.</summary>
internal static class PeersVerb
{
    private const string Description = """
        The students and claims of a year on other systems and on this one, in one run.

        The scenario national-year is run once through the real engine and recorded. Then every peer is given the same commands: with 16, 64, 256, 1,024 and
        4,096 under way, each time on an empty store, the whole year of as many students as it gets through in its time. The peers are
          akka-sqlite       textbook Akka.NET on SQLite: a persistent actor for each student, which persists each command
          akka-postgres     the same on PostgreSQL
          orleans           Orleans: a grain for each student, ADO.NET storage
          proto             Proto.Actor: an actor for each student, an event for each command
          marten            Marten: a stream for each student
          dapper            a transaction for each command: load, decide, append
          group-commit      group commit by hand: students in memory, a row an event, what waits in one binary COPY
          ours-sqlite       this runtime on SQLite
          ours-postgres     this runtime on PostgreSQL

        All have the same aggregate, rules and event bytes, the same driver and the same calendar of due dates; none keeps ledgers. A command is answered
        after it is durable: PostgreSQL with fsync and synchronous_commit on, SQLite with synchronous FULL. What a peer decides must have the digest of the
        recording, otherwise the run ends with an error and not with a figure.

        Ours is driven by its own feed, because it opens days itself; marks of days count as under way. Rates are of commands: due dates come on top for all.
        A point that is stopped before its year's end is marked ~, its rate is of what was done. Quote no rate without the number under way.

        The table or one JSON object goes to standard output, progress to standard error.

        Exit codes:
          0    done, whether budgets are met or not
          1    wrong usage
          3    the folder, the file or the database server cannot be used
          4    a peer decided otherwise than the engine, or does not answer
          130  stopped by Ctrl-C or SIGTERM

        The server runs as the user postgres where this program runs as root: that user must be able to enter the folder.

        Examples:
          dotnet run -c Release --project bench -- peers --folder /var/tmp/peers -o json > peers.json
          dotnet run -c Release --project bench -- peers --peers group-commit,ours-postgres --concurrency 512,16384 --minutes 2
        """;

    private const int StoreFailed = 3;
    private const int PeerFailed = 4;
    private const int Stopped = 130;
    private const int UnderWayMax = 65_536;

    public static Command Create()
    {
        var scale = new Option<decimal>("--scale") { Description = "The nation's size, 0.001 to 20.", HelpName = "X", DefaultValueFactory = _ => 0.25m };
        var seed = new Option<ulong>("--seed") { Description = "Where every draw comes from.", HelpName = "N", DefaultValueFactory = _ => 42 };
        var minutes = new Option<decimal>("--minutes") { Description = "For all points together, after the recording: 0.1 to 600.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var folder = new Option<string>("--folder") { Description = "Where the files are written, on the disk to be measured, and deleted again.", HelpName = "DIR", DefaultValueFactory = _ => Path.GetTempPath() };
        var peers = new Option<string>("--peers") { Description = "Some of the peers, separated by commas.", HelpName = "NAMES", DefaultValueFactory = _ => string.Join(',', PeerKinds.All.Select(peer => peer.Name)) };
        var concurrency = new Option<string>("--concurrency") { Description = "Commands under way, separated by commas.", HelpName = "LIST", DefaultValueFactory = _ => "16,64,256,1024,4096" };
        var output = new Option<string>("--output", "-o") { Description = "How the result is written.", HelpName = "text|json", DefaultValueFactory = _ => "text" };
        var check = new Option<bool>("--check") { Description = "Only check that every peer decides as the engine, on the year of 200 students; some seconds at --scale 0.01." };
        output.AcceptOnlyFromAmong("text", "json");
        Within(scale, 0.001m, 20);
        Within(minutes, 0.1m, 600);
        Each(peers, name => PeerKinds.All.All(peer => peer.Name != name) ? $"there is no peer {name}: there are {string.Join(", ", PeerKinds.All.Select(peer => peer.Name))}" : null);
        Each(concurrency, text => int.TryParse(text, out var number) && number is >= 1 and <= UnderWayMax ? null : $"--concurrency has numbers from 1 to {UnderWayMax}, not {text}");
        var command = new Command("peers", Description) { scale, seed, minutes, folder, peers, concurrency, check, output };
        command.SetAction(async (parsed, stop) =>
        {
            string[] names = Split(parsed.GetRequiredValue(peers));
            var options = new PeersOptions(
                (int)(parsed.GetValue(scale) * 1000), parsed.GetValue(seed), TimeSpan.FromMinutes((double)parsed.GetValue(minutes)), parsed.GetRequiredValue(folder),
                [.. PeerKinds.All.Where(peer => names.Contains(peer.Name))], parsed.GetValue(check) ? [] : [.. Split(parsed.GetRequiredValue(concurrency)).Select(int.Parse).Distinct().Order()]);
            return await RunAsync(options, parsed.GetRequiredValue(output) == "json", stop);
        });
        return command;
    }

    /// <summary><c>peers-table</c>: the table of a result that was kept as JSON, so that both are of one run.</summary>
    public static Command CreateTable()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What peers -o json printed." };
        file.AcceptExistingOnly();
        var command = new Command("peers-table", "Print the table of a comparison that was kept as JSON.") { file };
        command.SetAction(parsed => PeersReport.WriteText(Console.Out, PeersReport.ReadJson(File.ReadAllText(parsed.GetRequiredValue(file).FullName))));
        return command;
    }

    private static async Task<int> RunAsync(PeersOptions options, bool asJson, CancellationToken stop)
    {
        try
        {
            var result = await PeersRun.RunAsync(options, stop);
            if (options.Concurrency.Count == 0)
                Console.Out.WriteLine($"{options.Peers.Count} peers decide as the engine does");
            else if (asJson)
                PeersReport.WriteJson(Console.Out, result);
            else
                PeersReport.WriteText(Console.Out, result);
            return 0;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return Fail("stopped", Stopped);
        }
        catch (PeerException e)
        {
            return Fail(e.Message, PeerFailed);
        }
        catch (Exception e) when (e is JournalException or NpgsqlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Fail(e.Message.Split('\n')[0], StoreFailed);
        }
    }

    private static int Fail(string why, int code)
    {
        Console.Error.WriteLine($"peers: {why}");
        return code;
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Each(Option<string> option, Func<string, string?> check) => option.Validators.Add(result =>
    {
        var items = Split(result.GetValueOrDefault<string>() ?? "");
        if (items.Length == 0)
            result.AddError($"{option.Name} names nothing");
        foreach (var why in items.Select(check).OfType<string>())
            result.AddError(why);
    });

    private static void Within(Option<decimal> option, decimal min, decimal max) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<decimal>() is var value && (value < min || value > max))
            result.AddError($"{option.Name} is from {min} to {max}, not {value}");
    });
}
