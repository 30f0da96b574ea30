using System.CommandLine;

namespace Amoe.Bench.Ladder;

/// <summary><c>ladder</c>: from bytes on a disk to the whole program, one rung on the other, in one run.</summary>
internal static class LadderVerb
{
    private const string Description = """
        From bytes on a disk to the whole program, one rung on the other, in one run.

        The scenario national-year is run once through the real engine and recorded: every command and every byte. Then, each on a fresh
        file in the same folder, round by round, the median of the rounds:
          bare                  the recording's bytes into plain SQLite (WAL, synchronous FULL): blobs in a table without a key, in the rows
                                and transactions that proved fastest of those tried; nothing is decided, nothing could be read back
          bare by event         the same with a row for each event's share of the bytes: what a store of single events could reach
          bare file             the same bytes into a plain file, with a sync for as many turns as there are partitions
          trivial               the whole runtime fed the recorded commands from memory, with actors that count and say two bytes
          engine                the same with the real actors and rules; it must end with the recording's digest
          simulate              as a user runs it: the traffic is generated beside the engine, and ledgers are kept

        With --journal postgres the same on a PostgreSQL server, every rung in a fresh database (bare: blobs by binary COPY or by inserting an
        array of rows, over one to four connections), and beside them:
          hosts 1, hosts 3      so many hosts in processes of their own, flooded through their endpoints (amoe simulate --hosts)
          a transaction per     the same commands, of some of the partitions, loaded, decided and appended one by one with Dapper, by 1 to 64
          command               connections; it must end with the recording's digest of those partitions

        Then what is alive on the heap: 100,000 active students with a year behind them (registration, one in five with a contribution, two
        or three paid claims), and what one open claim of 2.5 lines each adds. Everything that grows is counted, receipts too.
        Then replay: the recorded journal becomes state again, without snapshots. Then adjudication in memory, on one core.

        ratio_to_bare is bare's wall time over the rung's, for the same commands; CPU is the whole process's, collections included.
        The table or one JSON object goes to standard output, progress to standard error.
        """;

    public static Command Create()
    {
        var scale = new Option<decimal>("--scale")
        {
            Description = "The nation's size, 0.001 to 20.",
            HelpName = "X",
            DefaultValueFactory = _ => 0.25m
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Where every draw comes from.",
            HelpName = "N",
            DefaultValueFactory = _ => 42
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads that decide, and that replay.",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each rung is climbed.",
            HelpName = "N",
            DefaultValueFactory = _ => 3
        };
        var folder = new Option<string>("--folder")
        {
            Description = "Where the files are written, on the disk to be measured, and deleted again.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.GetTempPath()
        };
        var output = new Option<string>(
            "--output",
            "-o")
        {
            Description = "How the result is written.",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text"
        };
        var journal = new Option<string>("--journal")
        {
            Description =
                "The store: sqlite, postgres for a private server, or postgres://… for an existing one (it makes databases and drops them again).",
            HelpName = "STORE",
            DefaultValueFactory = _ => LadderOptions.Sqlite,
        };
        output.AcceptOnlyFromAmong("text", "json");
        Within(scale, 0.001m, 20);
        Within(threads, 1, 256);
        Within(rounds, 1, 99);
        var command = new Command("ladder", Description) { scale, seed, threads, rounds, folder, journal, output };
        command.SetAction(async (parsed, _) =>
        {
            var result = await LadderRun.RunAsync(new LadderOptions(
                (int)(parsed.GetValue(scale) * 1000), parsed.GetValue(seed), parsed.GetValue(threads),
                parsed.GetValue(rounds), parsed.GetRequiredValue(folder),
                parsed.GetRequiredValue(journal)));
            if (parsed.GetValue(output) == "json")
                LadderReport.WriteJson(Console.Out, result);
            else
                LadderReport.WriteText(Console.Out, result);
        });
        return command;
    }

    /// <summary><c>table</c>: the table of a result that was kept as JSON, so that both are of one run.</summary>
    public static Command CreateTable()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What ladder -o json printed." };
        file.AcceptExistingOnly();
        var command = new Command("table", "Print the table of a ladder that was kept as JSON.") { file };
        command.SetAction(parsed =>
            LadderReport.WriteText(
                Console.Out, LadderReport.ReadJson(File.ReadAllText(parsed.GetRequiredValue(file).FullName))));
        return command;
    }

    private static void Within<T>(Option<T> option, T min, T max)
        where T : IComparable<T> => option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && (value.CompareTo(min) < 0 || value.CompareTo(max) > 0))
                result.AddError($"{option.Name} is from {min} to {max}, not {value}");
        });
}
