using System.Net;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Rules;
using Amoe.Tests.Postgres;
using Amoe.Tests.Tls;

namespace Amoe.Host.Tests.Cluster;

/// <summary>The real program as a host, on a real database.</summary>
[Collection("hosts of a cluster")]
public sealed class ServeTests(HostPair pair) : IClassFixture<HostPair>, IDisposable
{
    internal const int Partitions = 12;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task A_host_founds_a_cluster_takes_every_partition_is_ready_and_leaves_in_order()
    {
        var database = NewJournal();
        using var host = await HostProcess.StartAsync(database, "-o", "json");

        await host.ServesAsync(Partitions);
        await host.IsReadyAsync();
        var state = await host.StateAsync();
        Assert.Equal(
            Enumerable.Range(0, Partitions),
            state.GetProperty("partitions").EnumerateArray().Select(partition =>
                partition.GetProperty("partition").GetInt32()));
        await HostProcess.UntilAsync(
            async () =>
            {
                var status = await AmoeCommand.RunAsync("cluster", "status", "-o", "json", "--journal", database.Url);
                Assert.Equal(0, status.Json.GetProperty("partitions_free").GetInt32());
                return status.Json.GetProperty("hosts")[0].TryGetProperty("ready", out var ready) && ready.GetBoolean();
            },
            "the host answers «cluster status» in the two seconds that this waits");
        var partitions = await AmoeCommand.RunAsync("cluster", "partitions", "--journal", database.Url);
        Assert.Equal(
            Partitions,
            partitions.Output.Split('\n').Count(line => line.EndsWith("  serving", StringComparison.Ordinal)));

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();

        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("amoe: stopping: handing the partitions over", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Server.AppPassword, stopped.Error + stopped.Output, StringComparison.Ordinal);
        var empty = await AmoeCommand.RunAsync("cluster", "status", "--journal", database.Url);
        Assert.Contains(
            $"0 hosts, {Partitions} partitions, {Partitions} free, 0 lost", empty.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_second_host_gets_its_share_and_one_that_stops_hands_its_own_over()
    {
        var (first, second) = await pair.WholeAsync();

        first.Process.Terminate();
        Assert.Equal(0, (await first.Process.FinishAsync()).ExitCode);

        await second.ServesAsync(Partitions);
    }

    [PostgresFact]
    public async Task A_killed_hosts_partitions_are_served_by_the_other_one_and_it_comes_back()
    {
        var (first, second) = await pair.WholeAsync();

        first.Process.Kill();
        await second.ServesAsync(Partitions);

        await pair.WholeAsync();
    }

    [PostgresFact]
    public async Task A_host_that_was_paused_drops_its_partitions_and_joins_again_in_the_same_process()
    {
        var (first, second) = await pair.WholeAsync();

        first.Process.Freeze();
        await second.ServesAsync(Partitions);
        first.Process.Thaw();

        await first.Process.SaysAsync("joining again");
        await first.ServesAsync(Partitions / 2);
        await second.ServesAsync(Partitions / 2);
    }

    [PostgresFact]
    public async Task A_host_ends_in_order_with_the_process_that_started_it_and_leaves_Ctrl_C_to_that()
    {
        var database = NewJournal();
        using var host = await HostProcess.StartAsync(database, "--until-stdin-closes");
        await host.ServesAsync(Partitions);

        host.Process.Interrupt();
        await host.IsReadyAsync();
        host.Process.CloseInput();

        Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
    }

    [PostgresFact]
    public async Task A_host_that_loses_its_database_is_not_ready_and_is_again_when_that_is_back()
    {
        using var server = PrivatePostgres.Start();
        var database = NewJournal(server);
        using var host = await HostProcess.StartAsync(database);
        await host.ServesAsync(Partitions);

        server.Kill();
        await HostProcess.UntilAsync(
            async () => await host.ReadyAsync() == HttpStatusCode.ServiceUnavailable, "the host is not ready");
        server.Restart();
        await host.IsReadyAsync();
        await host.ServesAsync(Partitions);

        host.Process.Terminate();
        Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
    }

    [PostgresFact]
    public async Task Hosts_with_certificates_of_one_authority_share_the_partitions_and_a_stranger_gets_none_and_both_sides_say_so()
    {
        var database = NewJournal();
        using var ours = new Authority(_folder.Path, "ours");
        using var theirs = new Authority(_folder.Path, "theirs");
        using var first = await HostProcess.StartAsync(database, Options(ours.Issue("first")));
        using var second = await HostProcess.StartAsync(database, Options(ours.Issue("second")));
        await first.ServesAsync(Partitions / 2);
        await second.ServesAsync(Partitions / 2);

        using var stranger = HostProcess.Start(database.Url, Options(theirs.Issue("stranger")));
        await stranger.SaysAsync("do both sides have certificates of one authority?");
        await HostProcess.UntilAsync(
            () =>
                Task.FromResult(
                    (first.Process.Said + second.Process.Said).Contains(
                        "refused a connection", StringComparison.Ordinal)), "a host says that it refused the stranger");

        Assert.Equal(Partitions, await first.ServedAsync() + await second.ServedAsync());
        stranger.Terminate();
        Assert.Equal(0, (await stranger.FinishAsync()).ExitCode);

        string[] list = ["quarantine", "list", "--journal", database.Url];
        var report = await AmoeCommand.RunAsync([.. list, .. Options(ours.Issue("operator"))]);
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("0 students and 0 partitions", report.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await AmoeCommand.RunAsync([.. list, .. Options(theirs.Issue("other"))])).ExitCode);
    }

    [PostgresFact]
    public async Task A_certificate_that_cannot_be_used_is_one_line()
    {
        var database = NewJournal();
        using var ours = new Authority(_folder.Path, "ours");
        using var theirs = new Authority(_folder.Path, "theirs");
        (await ServeAsync(database.Url, "--tls-certificate", _folder.File("none.pem"), "--tls-authority", ours.File))
            .IsRefusal(2, "it is not a certificate with its private key in PEM");
        (await ServeAsync(
            database.Url, "--tls-certificate", theirs.Issue("theirs").CertificateFile, "--tls-authority", ours.File))
                .IsRefusal(2, "did not issue this certificate");
    }

    [PostgresFact]
    public async Task An_address_that_another_process_listens_on_is_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        (await AmoeCommand.RunAsync("serve", "--listen", $"{taken.LocalEndpoint}", "--journal", NewJournal().Url))
            .IsRefusal(2, $"{taken.LocalEndpoint}: this address cannot be listened on");
    }

    [PostgresFact]
    public async Task Two_hosts_do_not_listen_on_one_address()
    {
        var (first, _) = await pair.WholeAsync();
        var member = (await first.StateAsync()).GetProperty("member").GetString()!;
        var address =
            member[(member.IndexOf('@', StringComparison.Ordinal) + 1)..member.IndexOf('#', StringComparison.Ordinal)];

        (await AmoeCommand.RunAsync("serve", "--listen", address, "--journal", pair.Database.Url))
            .IsRefusal(2, "this address cannot be listened on");
    }

    /// <summary>No host is left to take over what the last one hands back, and none waits for that.</summary>
    [PostgresFact]
    public async Task Hosts_that_are_stopped_together_all_leave_and_none_waits_for_another()
    {
        var database = NewJournal();
        using var first = await HostProcess.StartAsync(database);
        using var second = await HostProcess.StartAsync(database);
        using var third = await HostProcess.StartAsync(database);
        HostProcess[] hosts = [first, second, third];
        await Task.WhenAll(hosts.Select(host => host.ServesAsync(Partitions / 3)));

        var began = TimeProvider.System.GetTimestamp();
        foreach (var host in hosts)
            host.Process.Terminate();
        foreach (var host in hosts)
            Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);

        // Sharding gives up after twenty seconds.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        var status = await AmoeCommand.RunAsync("cluster", "status", "--journal", database.Url);
        Assert.Contains(
            $"0 hosts, {Partitions} partitions, {Partitions} free, 0 lost", status.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Hosts_begin_one_empty_journal_where_there_is_none_and_the_next_start_goes_on_with_it()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using (var first = await HostProcess.StartAsync(database, "--partitions", "8"))
        using (var second = await HostProcess.StartAsync(database, "--partitions", "8"))
        {
            await first.ServesAsync(6);
            await second.ServesAsync(6);
            second.Process.Terminate();
            Assert.DoesNotContain(
                "began an empty one", (await second.Process.FinishAsync()).Error, StringComparison.Ordinal);
            first.Process.Terminate();
            Assert.Contains(
                "there was no journal; began an empty one with 8 partitions of students and 4 of ledgers",
                (await first.Process.FinishAsync()).Error, StringComparison.Ordinal);
        }

        var info = await AmoeCommand.RunAsync("journal", "info", "--journal", database.Url, "-o", "json");
        Assert.Equal(
            ("production", 8),
            (info.Json.GetProperty("scenario").GetString(), info.Json.GetProperty("student_partitions").GetInt32()));
        Assert.False(info.Json.TryGetProperty("days", out _));
        Assert.Contains(
            "production, commands from outside",
            (await AmoeCommand.RunAsync("journal", "info", "--journal", database.Url)).Output,
            StringComparison.Ordinal);
        Assert.Equal(0, (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).ExitCode);

        using var again = await HostProcess.StartAsync(database);
        await again.ServesAsync(12);
    }

    [PostgresFact]
    public async Task A_journal_of_the_former_layout_is_refused_by_the_name_of_the_version_that_reads_it()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Execute(
            $"CREATE SCHEMA amoe AUTHORIZATION {PrivatePostgres.AppRole}; CREATE TABLE amoe.journal (); CREATE TABLE amoe.segment ()");
        (await ServeAsync(database.Url)).IsRefusal(3, "Read it with version 0.4.0");
    }

    [PostgresFact]
    public async Task A_user_who_may_not_begin_a_journal_is_refused_with_the_reason()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Server.Execute(
            $"REVOKE CREATE ON DATABASE {database.Name} FROM PUBLIC; ALTER DATABASE {database.Name} OWNER TO postgres");
        (await ServeAsync(database.Url)).IsRefusal(3, $"user {PrivatePostgres.AppRole} may not");
    }

    [PostgresFact]
    public async Task A_journal_that_one_process_writes_is_left_to_it()
    {
        var database = NewJournal();
        using var owner = await PostgresJournal.OpenAsync(
            JournalAddress.Parse(database.Url), "simulate of ahmed", TimeProvider.System);

        (await ServeAsync(database.Url)).IsRefusal(3, "it is in use by simulate of ahmed");
    }

    [Fact]
    public async Task A_database_out_of_reach_is_one_line() =>
        (await ServeAsync("postgres://amoe@127.0.0.1:1/amoe")).IsRefusal(3, "127.0.0.1:1");

    private static string[] Options(MutualTls tls) =>
        ["--tls-certificate", tls.CertificateFile, "--tls-authority", tls.AuthorityFile];

    private static Task<Finished> ServeAsync(string journal, params string[] more) =>
        AmoeCommand.RunAsync(["serve", "--listen", "127.0.0.1:0", "--journal", journal, .. more]);

    internal static PrivateDatabase NewJournal(PrivatePostgres? server = null)
    {
        var database = (server ?? PrivatePostgres.Shared).NewDatabase();
        PostgresSchema.Create(
            new PostgresDatabase(JournalAddress.Parse(database.Url)),
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.Embedded.Text, "serve", 0, 0));
        return database;
    }
}
