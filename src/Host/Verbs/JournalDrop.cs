using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>journal drop</c>: removes a journal's file and what is beside it.</summary>
internal static class JournalDrop
{
    private const string Notes = """
        Everything in the journal is gone: there is no way back but a copy (amoe journal copy). On a
        terminal the journal's name has to be typed; elsewhere --yes has to be given. A journal that a
        process writes is refused. A journal in a database is dropped there, with its schema.

        Examples:
          amoe journal drop --journal year.amoe
          amoe journal drop --journal year.amoe --yes

        """;

    public static Command Create()
    {
        var journal = Options.Journal();
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new TaughtCommand(
            "drop", "Remove a journal's file, and the files beside it.", Notes) { journal, yes };
        command.SetAction(parsed =>
        {
            var address = parsed.GetRequiredValue(journal);
            if (address.IsPostgres)
                throw new UsageException(
                    $"{address} is in a database: drop its schema there, as DROP SCHEMA {address.Schema} CASCADE.");
            SqliteJournalCopy.RequireJournal(address.Path);
            if (!parsed.GetValue(yes))
                Ask(address.Path);
            SqliteJournalCopy.Remove(address.Path);
            Terminal.Plain($"{address}: removed");
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="UsageException">The name was not typed, or there is no terminal to type it on.</exception>
    private static void Ask(string path)
    {
        if (Console.IsInputRedirected)
            throw new UsageException(
                $"{path}: the question needs a terminal, and nothing was removed. Add --yes.");
        var name = Path.GetFileName(path);
        Console.Error.Write($"{path} and everything in it will be removed. Type {name} to go on: ");
        if (Console.ReadLine()?.Trim() != name)
            throw new UsageException($"{path}: its name was not typed, and nothing was removed.");
    }
}
