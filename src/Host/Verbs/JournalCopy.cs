using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>journal copy</c>: a consistent copy of a journal's file, while it may be written.</summary>
internal static class JournalCopy
{
    private const string Notes = """
        The copy has what the journal held at one moment, and can be resumed, verified or explained like
        the journal itself. A simulation that writes the journal meanwhile goes on. The file gets its name
        when it is complete and was checked; a copy that was stopped leaves none. A journal in a database
        is copied with the tools of PostgreSQL (docs/operations.md).

        Examples:
          amoe journal copy yesterday.amoe --journal year.amoe
          amoe journal copy yesterday.amoe --journal year.amoe -o json | jq .journal_file_bytes

        """;

    public static Command Create(Terminal terminal)
    {
        var (journal, output) = (Options.Journal(), Options.Output());
        var target = new Argument<string>("TARGET") { Description = "The file to make. It must not exist." };
        var command = new TaughtCommand(
            "copy", "Copy a journal's file, also while it is being written.", Notes) { target, journal, output };
        command.SetAction(async (parsed, _) =>
        {
            var (source, copy) = (parsed.GetRequiredValue(journal), parsed.GetRequiredValue(target));
            if (source.IsPostgres)
                throw new UsageException($"{source} is in a database: copy it with pg_dump.");
            if (JournalAddress.NamesPostgres(copy))
                throw new UsageException("the copy of a file is a file: name one.");
            var bytes = await CopyAsync(terminal, source.Path, copy);
            if (parsed.GetValue(output) == OutputFormat.Json)
                WriteJson(source.Path, copy, bytes);
            else
                Terminal.Plain($"{source} copied to {copy}, {Format.Bytes(bytes)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<long> CopyAsync(Terminal terminal, string source, string target)
    {
        using var stop = new StopSignal(terminal.Time, asked: () => { }, atOnce: () => { });
        var reached = (Pages: 0, Of: 0);
        var gate = new Lock();
        var copying = Task.Run(() => SqliteJournalCopy.Copy(source, target, Reach, stop.Token), CancellationToken.None);
        return await new StatusLine(terminal, Status).WhileAsync(copying);

        void Reach(int pages, int of)
        {
            lock (gate)
                reached = (pages, of);
        }

        string Status()
        {
            lock (gate)
                return $"copying {source}: {reached.Pages} of {reached.Of} pages";
        }
    }

    private static void WriteJson(string source, string target, long bytes) => JsonLine.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("journal", source);
        json.WriteString("copy", target);
        json.WriteNumber("journal_file_bytes", bytes);
        json.WriteEndObject();
    });
}
