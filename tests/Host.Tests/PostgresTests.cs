using System.Diagnostics;
using System.Text.RegularExpressions;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests;

/// <summary>
/// A year in a PostgreSQL database: every command takes it as it takes a file, and what goes wrong is one line without
/// a password.
/// </summary>
public sealed partial class PostgresTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private const string Later = """
        amends: amoe
        parameters:
          - id: P1.fund_name
            values:
              - from: 2028-01-01
                value: CNSS
                source: "a test"
        """;

    private static readonly JournalIdentity Identity = new(JournalIdentity.CurrentFormatVersion, 4, "", "", 0, 0);

    private static readonly TimeSpan _slowDisk = TimeSpan.FromMilliseconds(10);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task A_year_in_a_database_is_the_year_in_a_file()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var url = database.Url;
        var display = url.Replace($":{database.Server.AppPassword}", "", StringComparison.Ordinal);

        var made = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", url, "-o", "json");
        made.IsDone();
        Assert.Equal(year.Small.Digest, made.Digest);
        (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", url))
            .IsRefusal(3, $"{display}: it exists");

        var verified = await AmoeCommand.RunAsync("verify", "--journal", url, "-o", "json");
        Assert.Equal((0, year.Small.Digest), (verified.ExitCode, verified.Digest));
        var info = (await AmoeCommand.RunAsync("journal", "info", "--journal", url, "-o", "json")).Json;
        Assert.Equal(
            (display, true), (info.GetProperty("journal").GetString(), info.GetProperty("complete").GetBoolean()));

        // A database has more and smaller partitions: their records are others, and a student's have other numbers.
        Assert.Contains(
            "open day",
            (await AmoeCommand.RunAsync(
                "journal", "show", "--partition", "63", "--take", "2", "--journal", url)).Output,
            StringComparison.Ordinal);
        string[][] questions = [
            ["journal", "show", "--student", "16"], ["explain", "--student", "16", "--lang", "fr"],
            ["rules", "show", "P1.fund_name"]
        ];
        foreach (var question in questions)
        {
            // A rulebook is named by its location.
            var isRules = question[0] == "rules";
            var (ofFile, ofDatabase) = (
                await AmoeCommand.RunAsync([.. question, isRules ? "--rules" : "--journal", year.SmallJournal]),
                await AmoeCommand.RunAsync([.. question, isRules ? "--rules" : "--journal", url]));
            Assert.Equal(
                (0, WithoutRecordNumbers(ofFile.Output)),
                (ofDatabase.ExitCode, WithoutRecordNumbers(ofDatabase.Output)));
        }

        var mine = _folder.Write("mine.yaml", Later);
        var adopted = await AmoeCommand.RunAsync("rules", "adopt", "--journal", url, "--rules", mine);
        adopted.IsDone();
        Assert.StartsWith($"{display}: rulebook 1 adopted on 2027-01-31", adopted.Output, StringComparison.Ordinal);
        Assert.Equal("", (await AmoeCommand.RunAsync("rules", "diff", url, mine)).Output);
        Assert.DoesNotContain(
            database.Server.AppPassword, (await AmoeCommand.RunAsync("rules", "diff", url, mine, "-o", "json")).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            database.Server.AppPassword,
            (await AmoeCommand.RunAsync("rules", "show", "P1", "--rules", url, "-o", "json")).Output,
            StringComparison.Ordinal);
        (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001", "--resume", "--journal", url))
            .IsRefusal(3, "another rulebook");
        Assert.Equal(year.Small.Digest, (await AmoeCommand.RunAsync("verify", "--journal", url, "-o", "json")).Digest);
    }

    [PostgresFact]
    public async Task A_year_that_was_stopped_or_killed_goes_on_as_if_nothing_had_been()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.DelayCommits(_slowDisk);
        using (var run = AmoeProcess.Start(YearFixture.MediumIn(database)))
        {
            await year.ReachAsync(database, perMille: 50);
            run.Interrupt();
            var stopped = await run.FinishAsync();
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains("--resume", stopped.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(database.Server.AppPassword, stopped.Error, StringComparison.Ordinal);
        }

        using (var run = AmoeProcess.Start(YearFixture.MediumIn(database, "--resume")))
        {
            await year.ReachAsync(database, perMille: 400);
            run.Kill();
            await run.FinishAsync();
        }

        // Who died is waited for until the lease runs out.
        var whole = await AmoeCommand.RunAsync(YearFixture.MediumIn(database, "--resume", "-o", "json"));
        whole.IsDone();
        Assert.Equal(year.Medium.Digest, whole.Digest);
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsDone();
    }

    [PostgresFact]
    public async Task A_journal_that_hosts_are_writing_is_left_to_them()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        PostgresSchema.Create(new PostgresDatabase(address), Identity);
        using var hosts = new PostgresHosts(new PostgresDatabase(address));
        var host = hosts.Register(
            "akka.tcp://amoe@10.0.0.7:5101#1", "http://10.0.0.7:5100", "0.4.0", EventCodec.Version);
        using var lease = await PostgresHostLease.BeginAsync(
            new PostgresDatabase(address), host.Id, TimeProvider.System);

        var mine = _folder.Write("mine.yaml", Later);
        (await AmoeCommand.RunAsync("rules", "adopt", "--journal", database.Url, "--rules", mine))
            .IsRefusal(3, "it is in use by hosts at http://10.0.0.7:5100. Stop them first.");
        (await AmoeCommand.RunAsync("simulate", "--resume", "--journal", database.Url))
            .IsRefusal(3, "it is in use by hosts at http://10.0.0.7:5100. Stop them first.");
    }

    [PostgresTheory]
    [InlineData(1, "postgres://amoe:PASSWORD@HOST/DB?schema=Amoe", "its schema is not a name")]
    [InlineData(1, "postgres://amoe:PASSWORD%@HOST/DB", "its password has a «%»")]
    [InlineData(3, "postgres://amoe:PASSWORD@HOST/nowhere", "the server has no database nowhere")]
    [InlineData(3, "postgres://amoe:PASSWORD@HOST/DB", "there is no journal in it")]
    [InlineData(3, "postgres://amoe:PASSWORDwrong@HOST/DB", "the server refuses the password of user amoe")]
    [InlineData(3, "postgres://stranger:PASSWORD@HOST/DB", "the server refuses the password of user stranger")]
    [InlineData(3, "postgres://amoe@HOST/DB", "asks user amoe for a password")]
    [InlineData(3, "postgres://amoe:PASSWORD@127.0.0.1:1/DB", "no server answers there")]
    [InlineData(3, "postgres://amoe:PASSWORD@HOST/DB?sslmode=require", "TLS with the server failed")]
    public async Task What_goes_wrong_on_the_way_is_one_line_without_the_password(
        int exitCode, string address, string says)
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var password = database.Server.AppPassword;
        var url = address.Replace("PASSWORD", password, StringComparison.Ordinal)
            .Replace("HOST", $"127.0.0.1:{database.Server.Port}", StringComparison.Ordinal)
            .Replace("DB", database.Name, StringComparison.Ordinal);
        var refused = await AmoeCommand.RunAsync("verify", "--journal", url);
        refused.IsRefusal(exitCode, says);
        Assert.DoesNotContain(password, refused.Error, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("UPDATE amoe.layout SET version = 99", "its tables are of version 99")]
    [InlineData(
        "REVOKE ALL ON SCHEMA amoe FROM amoe; ALTER SCHEMA amoe OWNER TO postgres", "user amoe may not do that")]
    [InlineData("DROP TABLE amoe.layout CASCADE", "there is no journal in it")]
    [InlineData("DELETE FROM amoe.journal", "nothing says what the journal was created with")]
    public async Task A_journal_that_cannot_be_opened_is_one_line(string harm, string says)
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        (await PostgresJournal.CreateAsync(JournalAddress.Parse(database.Url), Identity, "a test", TimeProvider.System))
            .Dispose();
        database.Execute(harm);
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsRefusal(3, says);
        (await AmoeCommand.RunAsync("simulate", "--resume", "--journal", database.Url)).IsRefusal(3, says);
    }

    [PostgresFact]
    public async Task A_journal_named_by_the_environment_needs_no_option_and_passwords_written_in_the_wrong_place_are_not_repeated()
    {
        (await AmoeCommand.RunAsync("verify", "postgres://amoe:secret@localhost/amoe"))
            .IsRefusal(1, "'postgres://amoe:***@localhost/amoe' is not understood");
        (await AmoeCommand.RunAsync("verify")).IsRefusal(1, "'--journal' is required");
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = AmoeProcess.Start(
            ["verify"],
            environment: [
                ("AMOE_JOURNAL", $"postgres://amoe@127.0.0.1:{database.Server.Port}/{database.Name}"),
                ("PGPASSWORD", database.Server.AppPassword)
            ]);
        (await run.FinishAsync()).IsRefusal(3, "there is no journal in it");
    }

    [PostgresFact]
    public async Task A_role_that_only_runs_hosts_is_granted_what_it_needs()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", database.Url))
            .IsDone();
        database.Execute(
            "DO $$ BEGIN CREATE ROLE runner LOGIN PASSWORD 'run'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var url = $"postgres://runner:run@127.0.0.1:{database.Server.Port}/{database.Name}";
        (await AmoeCommand.RunAsync("simulate", YearFixture.Scenario, "--scale", "0.001", "--resume", "--journal", url))
            .IsRefusal(3, "user runner may not do that");
        (await AmoeCommand.RunAsync("journal", "grant", "stranger", "--journal", database.Url))
            .IsRefusal(3, "the server has no role stranger");
        (await AmoeCommand.RunAsync("journal", "grant", "runner", "--journal", year.SmallJournal))
            .IsRefusal(1, "it is a file");
        (await AmoeCommand.RunAsync("journal", "grant", "runner", "--journal", database.Url)).IsDone();

        var resumed = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--resume", "--journal", url, "-o", "json");
        Assert.Equal((0, year.Small.Digest), (resumed.ExitCode, resumed.Digest));
        (await AmoeCommand.RunAsync("rules", "adopt", "--journal", url, "--rules", _folder.Write("mine.yaml", Later)))
            .IsDone();
    }

    [PostgresFact]
    public async Task A_copy_of_a_running_journal_is_of_one_moment_and_a_prefix_of_every_log()
    {
        var (database, copy) = (PrivatePostgres.Shared.NewDatabase(), PrivatePostgres.Shared.NewDatabase());
        database.DelayCommits(_slowDisk);
        var file = _folder.File("copy.dump");
        using (var run = AmoeProcess.Start(YearFixture.MediumIn(database)))
        {
            await year.ReachAsync(database, perMille: 100);
            await Run("pg_dump", database, "--format=custom", "--schema=amoe", $"--file={file}", database.Name);
            Assert.False(run.HasExited, "the year was over before it was copied");
            (await run.FinishAsync()).IsDone();
        }

        await Run("pg_restore", copy, "--no-owner", "--exit-on-error", $"--dbname={copy.Name}", file);

        var verified = await AmoeCommand.RunAsync("verify", "--journal", copy.Url, "-o", "json");
        verified.IsDone();
        using var whole = Journals.OpenReadOnly(JournalAddress.Parse(database.Url));
        using var part = Journals.OpenReadOnly(JournalAddress.Parse(copy.Url));
        var (copied, all) = (0L, 0L);
        for (var partition = 0; partition < whole.Identity.TotalPartitions; partition++)
        {
            var log = part.Read(partition).ToList();
            Assert.All(log.Zip(whole.Read(partition)), pair =>
            {
                Assert.Equal(pair.Second with { Payload = default }, pair.First with { Payload = default });
                Assert.True(pair.First.Payload.Span.SequenceEqual(pair.Second.Payload.Span));
            });
            copied += part.Head(partition);
            all += whole.Head(partition);
        }

        Assert.InRange(copied, 1, all - 1);

        // And the copy goes on by itself, to the same end.
        part.Dispose();
        var resumed = await AmoeCommand.RunAsync(YearFixture.MediumIn(copy, "--resume", "-o", "json"));
        resumed.IsDone();
        Assert.Equal(
            (await AmoeCommand.RunAsync("verify", "--journal", database.Url, "-o", "json")).Digest, resumed.Digest);
    }

    private static async Task Run(string program, PrivateDatabase database, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            PostgresPrograms.PathOf(program),
            [
                "--host=127.0.0.1", $"--port={database.Server.Port}", $"--username={PrivatePostgres.AppRole}",
                .. arguments
            ])
        {
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = database.Server.AppPassword;
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
    }

    private static string WithoutRecordNumbers(string history) => RecordNumber().Replace(history, "");

    [GeneratedRegex(@"^ *\d+  (?=\d{4}-)", RegexOptions.Multiline)]
    private static partial Regex RecordNumber();
}
