using System.CommandLine;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Api.Emitting;
using Amoe.Host.Reports;
using Amoe.Host.Reports.Html;
using Amoe.Host.Running;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host.Verbs;

/// <summary><c>simulate</c>: a scenario's whole year on a journal, and what came of it.</summary>
internal static class SimulateVerb
{
    public const string DefaultScenario = "national-year";

    private static string Notes => $"""
        Scenarios that come with the program:
        {string.Join('\n', ScenarioReader.Names.Select(name => $"  {name,-18}{ScenarioReader.TitleOf(name)}"))}
          A scenario's file may begin with "extends: {DefaultScenario}" and say only what is different.

        The journal:
          Without --journal it is a temporary file in the system's temporary folder. Every decision is
          still made durable; the file is deleted at the end (killed with -9, it stays there).
          With --journal FILE the file is made; with --journal postgres://user@host:port/database a
          schema in that database (docs/operations.md), which one process at a time writes. A database
          that goes is waited for a minute, and what was lost is sent again. If the journal exists,
          nothing is touched and the run refuses, unless --resume says to take it up after its last
          closed day, with the scenario, scale, seed and rulebook it was made with, or the rulebook
          adopted last (amoe rules adopt). --resume without such a journal, or without --journal, is
          an error.
          Ctrl-C ends the day durably and says how to go on; a second Ctrl-C ends at once. Whatever was
          acknowledged is in the journal in any case, and a resumed run ends with the digest of an
          undisturbed one.

        The commands:
          With --emit DIR every command of the year is also written to DIR/stream.ndjson, for a host to
          which it is sent: one JSON object a line (docs/api-commands.md), each day between a line that
          opens it and one that closes it. DIR is made; one that has something in it is refused. A year
          that is decided by hosts, or taken up, is not emitted.

        The page:
          With --report FILE the report is also a page for a browser, such as year.html: the summary, and
          charts of the year with their tables, each as CSV, in French, Arabic and English. All it needs is
          in that one file. It is written at the end, of a year that was stopped too. An earlier report is
          replaced; any other file is left as it is and refused.

        Several hosts:
          With --hosts N the year is decided by N host processes on this machine (amoe serve), each with
          its share of the partitions, and this one floods them. They share a journal in PostgreSQL,
          which one process can take up again later, and the other way round; without --journal it is
          on a private server that is started for the run and goes with it. The hosts end with this
          process, however it ends. A host that ends before does not stop the year: the others take its
          partitions over. What is reported is what the journal says in the end; the digest is that of a
          run without hosts.

        Several seeds:
          With --seeds N the year is played N times, with --seed, the next seed and so on, each on a
          temporary journal that is deleted. What is reported is the mean of each main figure and how
          far it may be from the expected value (Student's t, 95 %).

        Examples:
          amoe simulate                                       the national year, about 1.3 million students
          amoe simulate --scale 0.01                          a hundredth of it
          amoe simulate --scale 0.1 --journal year.amoe       and keep the journal
          amoe simulate --scale 0.1 --journal year.amoe --resume
          amoe simulate --scale 0.1 --journal postgres://amoe@localhost/amoe
          amoe simulate late-facts --scale 0.1                facts learnt up to nine months late
          amoe simulate my-year.yaml --seed 7 --rules my-rules.yaml
          amoe simulate --scale 0.01 -o json | jq .digest
          amoe simulate --scale 0.01 --emit commands          and what is sent, in commands/stream.ndjson
          amoe simulate --scale 0.1 --report year.html        and charts of it, for a browser
          amoe simulate --scale 0.1 --hosts 3
          amoe simulate --scale 0.1 --hosts 3 --journal postgres://amoe@localhost/amoe
          amoe simulate --scale 0.01 --seeds 10               how far chance moves the figures
          amoe simulate persons --index 12                    one of the people behind the numbers
          amoe simulate world provider --number 12            one of the providers

        """;

    public static Command Create(Terminal terminal)
    {
        var scenario = new Argument<string>("SCENARIO")
        {
            Description = $"One of {string.Join(", ", ScenarioReader.Names)}, or a scenario's YAML file.",
            DefaultValueFactory = _ => DefaultScenario,
        }.Offering(() => ScenarioReader.Names);
        var (scale, seed, threads, output) = (Options.Scale(), Options.Seed(), Options.Threads(), Options.Output());
        var journal = Options.JournalToKeep(
            "Keep the journal: in this file, or at postgres://user@host:port/database.");
        var rules = Options.Rules();
        var resume = new Option<bool>("--resume") { Description = "Take the journal up after its last closed day." };
        var (hosts, partitions, emit, seeds) = (Options.Hosts(), Options.Partitions(), Options.Emit(), Options.Seeds());
        var report = Options.Report();
        var command = new TaughtCommand(
            "simulate", "Simulate a year of the scheme, every decision durable, and say what happened and how fast.",
            Notes)
        {
            scenario, scale, seed, seeds, journal, partitions, rules, resume, hosts, emit, report, threads, output,
            PersonsVerb.Create(),
            WorldVerb.Create(),
        };
        command.SetAction(async (parsed, _) =>
        {
            var (path, resumes) = (parsed.GetValue(journal), parsed.GetValue(resume));
            if (resumes && path is null)
                throw new UsageException("--resume takes up the journal that --journal names: name one.");
            var folder = parsed.GetValue(emit);
            if (folder is not null && resumes)
                throw new UsageException(
                    "--emit writes a year's commands from its first day on, and --resume begins later: leave one of them out.");
            if (folder is not null && parsed.GetValue(hosts) is not null)
                throw new UsageException(
                    "--emit writes the commands of a year that this process decides: leave --hosts out.");
            var asked = parsed.GetRequiredValue(scenario);
            var rulesPath = parsed.GetValue(rules);
            var (read, rulebook) = (ScenarioReader.Load(asked),
                RulebookPlace.Load(rulesPath ?? ShippedRulebooks.Amended));
            var count = parsed.GetValue(hosts);
            if (count is not null && path is { IsPostgres: false })
                throw new UsageException(
                    $"{path} is a file, and --hosts needs a journal that several hosts can share: name postgres://user@host/database, or leave --journal out.");
            var (several, page) = (parsed.GetValue(seeds), parsed.GetValue(report));
            if (several is not null
                && (path is not null || count is not null || folder is not null || page is not null))
                throw new UsageException(
                    "--seeds plays whole years in this process, each on a temporary journal: leave --journal, --resume, --hosts, --emit and --report out.");
            if (several is { } years)
                return await SimulateSeeds.RunAsync(
                    terminal, parsed.GetValue(seed), years, parsed.GetValue(output), PlayAsync,
                    outcome => Judge(terminal, outcome));
            if (!resumes && path is not null && Journals.Exists(path))
                throw new JournalException(
                    $"{path}: it exists, and nothing was touched. Add --resume to take it up, or name another.");
            using var reportFile = page is null ? null : ReportFile.Create(page);
            using var place = count is null ? JournalPlace.Of(path) : JournalPlace.OfHosts(path);
            using var emitted = folder is null ? null : EmittedStream.Create(folder, read.Horizon.Opens);
            var request = RequestOf(parsed.GetValue(seed), place) with { Tap = emitted is null ? null : emitted.Tap };
            IEngine? engine = null;
            var result = await RunAsync(terminal, request, async stop => engine =
                count is { } together ? await HostedEngine.StartAsync(request, together, terminal, stop)
                : await PartitionEngine.OpenAsync(request, terminal.Line, terminal.Time).WaitAsync(stop),
                emitted?.Broken ?? CancellationToken.None);
            emitted?.Finish();
            var outcome = new SimulationOutcome(asked, rulesPath, request, result, place, Memory.PeakBytes)
            {
                Hosts = (engine as HostedEngine)?.Ends ?? [],
            };

            // Before the text, whose reader may go, as head does; and the text is there where the page fails.
            try
            {
                reportFile?.Write(writer => HtmlReport.Write(writer, outcome));
            }
            finally
            {
                if (parsed.GetValue(output) == OutputFormat.Json)
                    SimulationJson.Write(Console.Out, outcome);
                else
                    SimulationText.Write(terminal, outcome);
            }

            if (emitted is not null)
                terminal.Line(
                    $"{emitted.Path} has the {Format.Count(emitted.Commands)} commands of the days up to {Format.Date(result.LastDay)}");
            if (reportFile is not null)
                terminal.Line($"{reportFile.Path} has the report, for a browser");
            return Judge(terminal, outcome);

            SimulationRequest RequestOf(ulong drawn, JournalPlace at) => new(
                read, (int)(parsed.GetValue(scale) * 1000), drawn, rulebook, at.Address, resumes,
                parsed.GetValue(threads))
            {
                Partitions = PartitionsOf(at.Address, resumes, parsed.GetValue(partitions)),
            };

            async Task<SimulationOutcome> PlayAsync(ulong drawn)
            {
                using var temporary = JournalPlace.Of(null);
                var year = RequestOf(drawn, temporary);
                var result = await RunAsync(
                    terminal, year,
                    async stop => await PartitionEngine.OpenAsync(year, terminal.Line, terminal.Time).WaitAsync(stop),
                    CancellationToken.None);
                return new SimulationOutcome(asked, rulesPath, year, result, temporary, Memory.PeakBytes);
            }
        });
        return command;
    }

    /// <summary>A journal that is taken up has the partitions it was made with.</summary>
    private static PartitionCounts PartitionsOf(JournalAddress address, bool resumes, int? asked)
    {
        var made = PartitionCounts.Of(address);
        if (asked is { } students)
            return made with { Students = students };
        if (!resumes)
            return made;
        using var journal = Journals.OpenReadOnly(address);
        return new PartitionCounts(journal.Identity.StudentPartitions, journal.Identity.LedgerPartitions);
    }

    /// <param name="broken">Ends the run, as a stop does.</param>
    private static async Task<SimulationResult> RunAsync(
        Terminal terminal, SimulationRequest request, Func<CancellationToken, Task<IEngine>> start,
        CancellationToken broken)
    {
        Simulation? simulation = null;
        var display = new ProgressDisplay(terminal, request, () => simulation?.Progress());
        using var over = new CancellationTokenSource();
        using var stop = new StopSignal(
            terminal.Time, asked: () => Stopping(terminal, display), atOnce: () => EndAtOnce(terminal));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, broken);
        var showing = Task.Run(() => display.ShowAsync(over.Token), CancellationToken.None);
        try
        {
            simulation = await Simulation.OpenAsync(request, () => start(stop.Token), terminal.Time);
            return await simulation.RunAsync(end.Token);
        }
        finally
        {
            await over.CancelAsync();
            await showing;
            if (simulation is not null)
                await simulation.DisposeAsync();
        }
    }

    private static int Judge(Terminal terminal, SimulationOutcome outcome)
    {
        var result = outcome.Result;
        if (result.Failure is { } failure)
        {
            terminal.Line($"the run ended on {Format.Date(result.LastDay)}: {failure}{HowToGoOn(outcome)}");
            return result.StoreFailed
                ? ExitCode.BadJournal
                : result.Quarantined > 0 ? ExitCode.AssertionFailed : ExitCode.Unexpected;
        }

        if (!result.IsComplete)
        {
            terminal.Line(
                $"stopped after {Format.Date(result.LastDay)}, of a year that ends on {Format.Date(outcome.Request.Scenario.Horizon.Closes)}.{HowToGoOn(outcome)}");
            return ExitCode.Stopped;
        }

        if (outcome.Holds)
            return ExitCode.Done;
        foreach (var marginal in result.Marginals.Where(marginal => !marginal.Within))
        {
            terminal.Line(
                $"the run violates the scenario's assertion {marginal.Of}: measured {Format.Figure(marginal, marginal.Measured)}, expected {Format.Figure(marginal, marginal.Expected)} "
                + $"within {Format.Figure(marginal, marginal.Tolerance)}");
        }

        if (result.Quarantined > 0)
            terminal.Line($"{Format.Count(result.Quarantined)} students are out of service: amoe verify names them");
        return ExitCode.AssertionFailed;
    }

    private static string HowToGoOn(SimulationOutcome outcome) =>
        outcome.Place.IsTemporary ? " Its journal was temporary; name one with --journal to be able to go on."
        : $" Go on with: {outcome.ResumeCommand}";

    private static void Stopping(Terminal terminal, ProgressDisplay display)
    {
        display.IsStopping = true;
        if (!terminal.IsWatched)
            terminal.Line("stopping at the end of the day; a second signal ends at once");
    }

    private static void EndAtOnce(Terminal terminal)
    {
        if (terminal.IsWatched)
            terminal.Error.Cursor.Show(true);
    }
}
