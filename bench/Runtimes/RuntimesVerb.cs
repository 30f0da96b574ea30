using System.CommandLine;

namespace Amoe.Bench.Runtimes;

/// <summary><c>runtimes</c>: the engine's own runtime beside Akka.NET.</summary>
internal static class RuntimesVerb
{
    private const string Description = """
        The same year on the engine's own runtime and on Akka.NET with Akka.Persistence.Sql, at 500 and 5,000 commands under way, on SQLite and on a PostgreSQL
        server of its own: amoe simulate, each run in a process and on a place of its own, round by round, the median of the rounds. Every run has to end with the
        same digest. Then what a student in memory weighs on each. Needs a build with Akka.NET: dotnet run -c Release --project bench -p:Akka=true -- runtimes
        """;

    public static Command Create()
    {
        var scale = new Option<decimal>("--scale") { Description = "The nation's size, 0.001 to 1.", HelpName = "X", DefaultValueFactory = _ => 0.01m };
        var seed = new Option<ulong>("--seed") { Description = "Where every draw comes from.", HelpName = "N", DefaultValueFactory = _ => 42 };
        var rounds = new Option<int>("--rounds") { Description = "How often each runs.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var folder = new Option<string>("--folder") { Description = "Where the files are written, on the disk to be measured, and deleted again.", HelpName = "DIR", DefaultValueFactory = _ => Path.GetTempPath() };
        var output = new Option<string>("--output", "-o") { Description = "How the result is written.", HelpName = "text|json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var kept = new Option<FileInfo>("--kept") { Description = "Run nothing: print the table of a result that was kept as JSON.", HelpName = "FILE" };
        kept.AcceptExistingOnly();
        var command = new Command("runtimes", Description) { scale, seed, rounds, folder, output, kept };
        command.SetAction(async (parsed, cancellation) =>
        {
            var result = parsed.GetValue(kept) is { } file ? RuntimesResult.ReadJson(await File.ReadAllTextAsync(file.FullName, cancellation)) : await new RuntimesRun(
                (int)(parsed.GetValue(scale) * 1000), parsed.GetValue(seed), parsed.GetValue(rounds), parsed.GetRequiredValue(folder)).RunAsync();
            if (parsed.GetValue(output) == "json")
                result.WriteJson(Console.Out);
            else
                result.WriteText(Console.Out);
        });
        return command;
    }
}
