using Amoe.Engine.Journal;
using Amoe.Host.Tests.Api;
using Amoe.Host.Tests.Cluster;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Live;

/// <summary>
/// Opening balances on a journal in a database: one host takes them, and while they are begun no other host serves.
/// </summary>
// Not beside the tests that hold hosts to seconds.
[Collection("hosts of a cluster")]
public sealed class OpeningOnPostgresTests : OpeningContract
{
    private const string Another = "an operator's script";

    private PrivateDatabase? _database;

    private protected override string[] Serves => ["--listen", "127.0.0.1:0"];

    private protected override string[] Opens => ["--http", "127.0.0.1:0", "--development", "--opening"];

    [PostgresFact]
    public override Task They_are_taken_reconciled_closed_and_never_taken_again() =>
        base.They_are_taken_reconciled_closed_and_never_taken_again();

    [PostgresFact]
    public override Task A_host_that_restarts_in_the_middle_takes_no_line_twice() =>
        base.A_host_that_restarts_in_the_middle_takes_no_line_twice();

    [PostgresFact]
    public override Task A_host_that_is_killed_in_the_middle_takes_every_line_once() =>
        base.A_host_that_is_killed_in_the_middle_takes_every_line_once();

    [PostgresFact]
    public override Task A_line_without_a_day_of_today_or_out_of_order_is_not_taken() =>
        base.A_line_without_a_day_of_today_or_out_of_order_is_not_taken();

    [PostgresFact]
    public override Task The_fund_alone_sends_them_and_only_where_they_are_taken() =>
        base.The_fund_alone_sends_them_and_only_where_they_are_taken();

    [PostgresFact]
    public async Task While_a_host_takes_them_every_other_writer_is_refused_and_no_day_opens_before_they_are_closed()
    {
        await using (var api = await LiveApi.StartAsync(Journal, isOpening: true))
        {
            var inUse = $"it is in use by serve --opening, process {Environment.ProcessId}";
            (await ServeAsync(Journal, Serves)).IsRefusal(3, inUse);
            (await ServeAsync(Journal, [.. Serves, "--development"])).IsRefusal(3, inUse);
            (await ServeAsync(Journal, Opens)).IsRefusal(3, inUse);
            (await AmoeCommand.RunAsync(
                "opening", "close", "--journal", Journal, "--totals", Folder.Write("none.json", "{}")))
                .IsRefusal(3, inUse);
        }

        // A host has no row any more that a later one would wait for.
        (await ServeAsync(Journal, [.. Serves, "--development"])).IsRefusal(3, "its opening balances are not closed");
        Assert.Equal(0L, _database!.Scalar<long>("SELECT count(*) FROM amoe.host"));
        using var journal = Journals.OpenReadOnly(JournalAddress.Parse(Journal));
        var book = journal.ReadBook()!;
        Assert.Equal((OpeningPhase.Begun, default(DateOnly)), (book.Opening, book.LastDay));
    }

    [PostgresFact]
    public async Task Persons_are_registered_beside_them_in_a_vault_that_later_hosts_share()
    {
        using var files = new Identity.VaultPlace();
        (await ServeAsync(Journal, [.. Opens, "--vault", files.Folder]))
            .IsRefusal(3, "it is no folder of a vault that hosts share");

        using var shared = new Identity.VaultPlace(Identity.VaultKind.Databases);
        var key = shared.Beside("master.key");
        using (var master = Host.Identity.MasterKey.Create(key))
        using (var vault = shared.Open())
            await vault.RotateAsync(master);
        var place = new Host.Live.VaultPlace(shared.Folder, key);
        await using var api = await LiveApi.StartAsync(Journal, isOpening: true, vault: place);
        var person = """
            {"cin":"AB123456","massar":"G134567890","first_name":"Amina","last_name":"Alaoui","birth_date":"2004-05-06"}
            """;
        Assert.Equal(System.Net.HttpStatusCode.Created, (await api.PostAsync("/v1/persons", person)).Status);
    }

    [PostgresFact]
    public async Task Where_a_host_of_a_cluster_lives_none_are_begun()
    {
        var journal = NewJournal("served");
        using (var host = await HostProcess.StartAsync(_database!, "--partitions", "4"))
        {
            (await ServeAsync(journal, Opens)).IsRefusal(3, $"it is in use by hosts at {host.Endpoint}. Stop them first.");
            host.Process.Terminate();
            Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
        }

        using var read = Journals.OpenReadOnly(JournalAddress.Parse(journal));
        Assert.Equal(OpeningPhase.None, read.ReadBook()!.Opening);
    }

    [PostgresFact]
    public async Task A_host_that_has_lost_the_journal_to_another_process_ends_and_says_to_which()
    {
        var (host, _, _) = await HostAsync();
        using (host)
        {
            _database!.Execute($"UPDATE amoe.lease SET holder = holder + 1, name = '{Another.Replace("'", "''", StringComparison.Ordinal)}'");
            var ended = await host.FinishAsync();
            Assert.Equal(3, ended.ExitCode);
            Assert.Contains($"it was taken over by {Another}", ended.Error, StringComparison.Ordinal);
        }
    }

    private protected override string NewJournal(string name) =>
        (_database = PrivatePostgres.Shared.NewDatabase()).Url;
}
