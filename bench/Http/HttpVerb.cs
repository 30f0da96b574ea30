using System.CommandLine;
using Amoe.Bench.Peers;
using Amoe.Engine.Journal;
using Npgsql;

namespace Amoe.Bench.Http;

/// <summary><c>http</c>: single calls and streams over HTTP, and the textbook way beside them.</summary>
internal static class HttpVerb
{
    /// <summary>The verb by which a run starts the textbook way in a process of its own.</summary>
    public const string Textbook = "http-textbook";

    private const string Description = """
        Single calls and a stream to a live host over HTTP, and the same calls the textbook way, in one run.

        A live host (amoe serve) on SQLite and on PostgreSQL, and a minimal API that loads, decides and appends with
        Dapper in one durable transaction a request on the same PostgreSQL, each a process of its own on an empty
        store. The client is this program: so many connections, each with one call under way, a new student each. It
        reads every answer whole and ends with an error where one is not that the command was done. On SQLite it asks
        whether students are entitled too, by their numbers, and by CIN of persons in an identity vault: each of these
        questions is on disk in the vault's audit log before it is answered.

        PostgreSQL is a private server with fsync and synchronous_commit on. Processor time is a request's, of the
        client, the server and PostgreSQL's processes. The table or one JSON object goes to standard output, progress
        to standard error.

        Exit codes:
          0    done; with --check every budget is met
          1    wrong usage
          3    the folder, the file or the database server cannot be used
          4    a server does not answer as it has to; --check: a budget is missed
          130  stopped by Ctrl-C or SIGTERM

        Examples:
          dotnet run -c Release --project bench -- http --folder /var/tmp/http -o json > http.json
          dotnet run -c Release --project bench -- http --connections 256 --partitions 8 --check
        """;

    private const int StoreFailed = 3;
    private const int Failed = 4;
    private const int Stopped = 130;

    public static Command Create()
    {
        var connections = Number("--connections", "Connections, each with a call under way: 1 to 1,000.", 64, 1, 1_000);
        var seconds = Number("--seconds", "How long each is measured: 1 to 600.", 20, 1, 600);
        var warmUp = Number("--warm-up", "Seconds of calls before that, which do not count: 1 to 600.", 10, 1, 600);
        var rounds = Number("--rounds", "How often single calls are measured; the middle one counts.", 3, 1, 99);
        var claims = Number("--claims", "Lines of the stream of claims.", 300_000, 1, 2_000_000);
        var partitions = new Option<int?>("--partitions")
        {
            Description = "Partitions on PostgreSQL; the host's default if not named.",
            HelpName = "N",
        };
        var folder = new Option<string>("--folder")
        {
            Description = "Where the files are written, on the disk to be measured, and deleted again.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        var check = new Option<bool>("--check") { Description = "Fail where a budget is missed." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "How the result is written.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("http", Description)
        {
            connections, seconds, warmUp, rounds, claims, partitions, folder, check, output,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var options = new HttpOptions(
                parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(partitions), parsed.GetValue(claims),
                parsed.GetValue(rounds), Path.GetFullPath(parsed.GetRequiredValue(folder)));
            return await RunAsync(options, parsed.GetRequiredValue(output) == "json", parsed.GetValue(check), stop);
        });
        return command;
    }

    /// <summary><c>http-table</c>: the table of a result that was kept as JSON, so that both are of one run.</summary>
    public static Command CreateTable()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What http -o json printed." };
        file.AcceptExistingOnly();
        var command = new Command("http-table", "Print the table of a run of http that was kept as JSON.") { file };
        command.SetAction(parsed =>
        {
            var json = File.ReadAllText(parsed.GetRequiredValue(file).FullName);
            HttpReport.WriteText(Console.Out, HttpReport.ReadJson(json));
        });
        return command;
    }

    public static Command CreateTextbook()
    {
        var connection = new Argument<string>("CONNECTION");
        var command = new Command(Textbook, "The server that http compares with.") { connection };
        command.Hidden = true;
        command.SetAction((parsed, _) => DapperApi.RunAsync(parsed.GetRequiredValue(connection)));
        return command;
    }

    private static async Task<int> RunAsync(HttpOptions options, bool asJson, bool isChecked, CancellationToken stop)
    {
        try
        {
            var result = await HttpRun.RunAsync(options, stop);
            if (asJson)
                HttpReport.WriteJson(Console.Out, result);
            else
                HttpReport.WriteText(Console.Out, result);
            return isChecked && HttpReport.Missed(result) is { Count: > 0 } missed
                ? Fail(string.Join("; ", missed), Failed)
                : 0;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return Fail("stopped", Stopped);
        }
        catch (PeerException e)
        {
            return Fail(e.Message, Failed);
        }
        catch (Exception e) when (e is JournalException or NpgsqlException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            return Fail(e.Message.Split('\n')[0], StoreFailed);
        }
    }

    private static int Fail(string why, int code)
    {
        Console.Error.WriteLine($"http: {why}");
        return code;
    }

    private static Option<int> Number(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var number && (number < min || number > max))
                result.AddError($"{name} is from {min} to {max}, not {number}");
        });
        return option;
    }
}
