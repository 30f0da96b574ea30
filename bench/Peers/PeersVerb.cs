using System.CommandLine;
using Amoe.Engine.Journal;
using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary><c>peers</c>: the same students and claims on other systems, in one run.</summary>
internal static class PeersVerb
{
    private const string Description = """
        The students and claims of a year on other systems and on this one, in one run.

        The scenario national-year is run once through the real engine and recorded. Then every peer is given the same
        commands, with 16, 64, 256, 1,024 and 4,096 under way, each time on an empty store: the whole year of as many
        students as it gets through in its time. The peers are
          akka-sqlite     textbook Akka.NET on SQLite: a persistent actor for each student persists each command
          akka-postgres   the same on PostgreSQL
          orleans         a grain for each student, ADO.NET storage
          proto           Proto.Actor: an actor for each student, an event for each command
          marten          a stream for each student
          dapper          a transaction for each command: load, decide, append
          group-commit    group commit by hand: students in memory, a row an event, waiting rows in one COPY
          ours-sqlite     this runtime on SQLite
          ours-postgres   this runtime on PostgreSQL

        All have the same aggregate, rules, event bytes and calendar of due dates; none keeps ledgers. A command is
        answered after it is durable: PostgreSQL with fsync and synchronous_commit on, SQLite with synchronous FULL.
        What a peer decides must have the recording's digest; otherwise the run ends with an error and gives no figure.

        One driver asks all peers but ours, which opens days itself and has a feed of its own; its marks of days count
        as under way. Rates are of commands: due dates come on top for all. A point that was stopped before its year's
        end is marked ~, and its rate is of what was done. Quote no rate without the number under way.

        The table or one JSON object goes to standard output, progress to standard error. The server runs as the user
        postgres where this program runs as root: that user must be able to enter the folder.

        Exit codes:
          0    done, whether budgets are met or not
          1    wrong usage
          3    the folder, the file or the database server cannot be used
          4    a peer decided otherwise than the engine, or does not answer
          130  stopped by Ctrl-C or SIGTERM

        Examples:
          dotnet run -c Release --project bench -- peers --folder /var/tmp/peers -o json > peers.json
          dotnet run -c Release --project bench -- peers --peers group-commit,ours-postgres --concurrency 512,16384
        """;

    private const int StoreFailed = 3;
    private const int PeerFailed = 4;
    private const int Stopped = 130;
    private const int UnderWayMax = 65_536;

    public static Command Create()
    {
        var scale = Option("--scale", "X", "The nation's size, 0.001 to 20.", 0.25m);
        var seed = Option("--seed", "N", "Where every draw comes from.", 42UL);
        var minutes = Option("--minutes", "N", "For all points together, after the recording: 0.1 to 600.", 10m);
        var folder = Option(
            "--folder", "DIR", "Where the files are written, on the disk to be measured, and deleted again.",
            Path.GetTempPath());
        var peers = Option("--peers", "NAMES", "Some of the peers, separated by commas.", Names(PeerKinds.All));
        var concurrency = Option(
            "--concurrency", "LIST", "Commands under way, separated by commas.", "16,64,256,1024,4096");
        var check = new Option<bool>("--check")
        {
            Description = "Only check that every peer decides as the engine, on 200 students; add --scale 0.01.",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "How the result is written.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        Within(scale, 0.001m, 20);
        Within(minutes, 0.1m, 600);
        Each(peers, name => PeerKinds.All.Any(peer => peer.Name == name)
            ? null
            : $"there is no peer {name}; there are {Names(PeerKinds.All)}");
        Each(concurrency, text => int.TryParse(text, out var number) && number is >= 1 and <= UnderWayMax
            ? null
            : $"--concurrency has numbers from 1 to {UnderWayMax}, not {text}");
        var command = new Command("peers", Description)
        {
            scale, seed, minutes, folder, peers, concurrency, check, output,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var names = Split(parsed.GetRequiredValue(peers));
            var underWay = Split(parsed.GetRequiredValue(concurrency)).Select(int.Parse).Distinct().Order();
            var options = new PeersOptions(
                (int)(parsed.GetValue(scale) * 1000), parsed.GetValue(seed),
                TimeSpan.FromMinutes((double)parsed.GetValue(minutes)), parsed.GetRequiredValue(folder),
                [.. PeerKinds.All.Where(peer => names.Contains(peer.Name))],
                parsed.GetValue(check) ? [] : [.. underWay]);
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
        command.SetAction(parsed =>
        {
            var json = File.ReadAllText(parsed.GetRequiredValue(file).FullName);
            PeersReport.WriteText(Console.Out, PeersReport.ReadJson(json));
        });
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
        catch (Exception e) when (e is JournalException or NpgsqlException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            return Fail(e.Message.Split('\n')[0], StoreFailed);
        }
    }

    private static int Fail(string why, int code)
    {
        Console.Error.WriteLine($"peers: {why}");
        return code;
    }

    private static Option<T> Option<T>(string name, string helpName, string description, T value) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };

    private static string Names(IEnumerable<PeerKind> peers) => string.Join(',', peers.Select(peer => peer.Name));

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

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
