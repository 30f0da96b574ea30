namespace Amoe.Host.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("name a command: simulate, serve, cluster, verify, quarantine, journal, explain, rules, keys")]
    [InlineData("'simulte' is not understood", "simulte")]
    [InlineData("'more' is not understood", "simulate", "national-year", "more")]
    [InlineData("--scale is a number from 0.001 to 20", "simulate", "--scale", "0")]
    [InlineData("--scale is a number from 0.001 to 20", "simulate", "--scale", "20.001")]
    [InlineData("at most three decimals, not '0.0015'", "simulate", "--scale", "0.0015")]
    [InlineData("--seed is a whole number", "simulate", "--seed", "-1")]
    [InlineData("--seeds is a whole number from 2 to 100, not '1'", "simulate", "--seeds", "1")]
    [InlineData(
        "--seeds plays whole years in this process, each on a temporary journal", "simulate", "--seeds", "2",
        "--journal", "year.amoe")]
    [InlineData(
        "--seeds plays whole years in this process, each on a temporary journal", "simulate", "--seeds", "2", "--hosts",
        "2")]
    [InlineData("leave --journal, --resume, --hosts, --emit and --report out", "simulate", "--seeds", "2", "--report", "a")]
    [InlineData("--report wants a file's name", "simulate", "--report", " ")]
    [InlineData(
        "2 seeds from 18446744073709551615 on are more than there are", "simulate", "--seeds", "2", "--seed",
        "18446744073709551615")]
    [InlineData("--threads is a whole number from 1", "simulate", "--threads", "0")]
    [InlineData("-o is text or json, not 'xml'", "simulate", "-o", "xml")]
    [InlineData("--resume takes up the journal that --journal names", "simulate", "--resume")]
    [InlineData("--journal wants a file's name", "simulate", "--journal", " ")]
    [InlineData("'--journal' is required", "verify")]
    [InlineData("--hosts is a whole number from 1 to 64, not '0'", "simulate", "--hosts", "0")]
    [InlineData(
        "--hosts needs a journal that several hosts can share", "simulate", "--hosts", "3", "--journal", "year.amoe")]
    [InlineData("'--listen' is required", "serve", "--journal", "postgres://h/d")]
    [InlineData(
        "--listen wants an address of this machine and a port, as 127.0.0.1:5100, not '127.0.0.1'", "serve", "--listen",
        "127.0.0.1")]
    [InlineData(
        "--advertise wants a host and a port, as 10.0.0.7:5101, not 'ftp://h'", "serve", "--advertise", "ftp://h")]
    [InlineData(
        "--listen 10.0.0.7:5101 can be reached from other machines", "serve", "--journal", "postgres://h/d", "--listen",
        "10.0.0.7:5101")]
    [InlineData(
        "--tls-certificate and --tls-authority go together", "serve", "--journal", "postgres://h/d", "--listen",
        "127.0.0.1:0", "--tls-authority", "a.pem")]
    [InlineData(
        "year.amoe is a file, and hosts need a journal that they can share", "serve", "--journal", "year.amoe",
        "--listen", "127.0.0.1:0")]
    [InlineData(
        "--keys and --development are two ways to know callers: name one", "serve", "--keys", "keys.json",
        "--development")]
    [InlineData(
        "--vault-key is the key of a vault: name the vault's folder with --vault", "serve", "--vault-key",
        "master.key")]
    [InlineData(
        "--vault is for a host with an API: add --keys or --development", "serve", "--journal", "postgres://h/d",
        "--listen", "127.0.0.1:0", "--vault", "v")]
    [InlineData(
        "--catch-up and --clock are for a host with an API: add --keys or --development", "serve", "--journal",
        "postgres://h/d", "--listen", "127.0.0.1:0", "--catch-up")]
    [InlineData(
        "--listen 0.0.0.0:0 is no address by which others could reach this host", "serve", "--journal",
        "postgres://h/d", "--listen", "0.0.0.0:0", "--tls-certificate", "c", "--tls-authority", "a")]
    [InlineData("name a command: status", "cluster")]
    [InlineData("year.amoe is a file, on which no hosts can be", "cluster", "status", "--journal", "year.amoe")]
    [InlineData("name a command: info, show, case, copy, drop", "journal")]
    [InlineData(
        "postgres://u@h:5432/d is in a database: copy it with pg_dump", "journal", "copy", "copy.amoe", "--journal",
        "postgres://u@h/d")]
    [InlineData("the copy of a file is a file", "journal", "copy", "postgres://u@h/d", "--journal", "year.amoe")]
    [InlineData("Required argument 'TARGET' missing", "journal", "copy", "--journal", "year.amoe")]
    [InlineData("DROP SCHEMA y26 CASCADE", "journal", "drop", "--journal", "postgres://u@h/d?schema=y26")]
    [InlineData("name a command: list, explain, retry", "quarantine")]
    [InlineData("STUDENT is a student's number, not '-1'", "quarantine", "explain", "-1", "--journal", "year.amoe")]
    [InlineData("Required argument 'STUDENT' missing", "quarantine", "explain", "--journal", "year.amoe")]
    [InlineData("name a student, or --all", "quarantine", "retry", "--journal", "year.amoe")]
    [InlineData("name a student, or --all", "quarantine", "retry", "16", "--all", "--journal", "year.amoe")]
    [InlineData(
        "year.amoe: no host serves it. A start of the program reads the journal again by itself", "quarantine", "retry",
        "--all", "--journal", "year.amoe")]
    [InlineData(
        "--tls-certificate and --tls-authority go together", "quarantine", "list", "--journal", "postgres://h/d",
        "--tls-authority", "a.pem")]
    [InlineData("name a command: show, diff, adopt, test", "rules")]
    [InlineData("name a command: create, join, status, rotate, verify", "vault")]
    [InlineData("'--vault' is required", "vault", "verify")]
    [InlineData("--vault wants a file's name", "vault", "verify", "--vault", " ")]
    [InlineData(
        "name the file of the master key by --key, or put the key into AMOE_MASTER_KEY", "vault", "status", "--vault",
        "identity")]
    [InlineData(
        "v/master.key would be in the vault's folder", "vault", "create", "--vault", "v", "--key", "v/master.key")]
    [InlineData(
        "--persons and --person-keys are the two databases of one vault: name both", "vault", "create", "--vault", "v",
        "--persons", "postgres://h/d")]
    [InlineData("'--person-keys' is required", "vault", "join", "--vault", "v", "--persons", "postgres://h/d")]
    [InlineData(
        "name another for the keys, whose backup is apart", "vault", "join", "--vault", "v", "--persons",
        "postgres://h/d", "--person-keys", "postgres://h/d?schema=keys")]
    [InlineData("name a command: report, close", "opening")]
    [InlineData("'--totals' is required", "opening", "close", "--journal", "live.amoe")]
    [InlineData(
        "--opening takes the days from its lines: leave --catch-up and --clock out", "serve", "--opening",
        "--catch-up")]
    [InlineData(
        "--opening takes its lines over HTTP: add --keys or --development", "serve", "--opening", "--journal",
        "postgres://h/d")]
    [InlineData(
        "--opening is for one host alone, and no other reaches it: leave --listen out", "serve", "--opening",
        "--development", "--journal", "postgres://h/d", "--listen", "127.0.0.1:0")]
    [InlineData("'--index' is required", "simulate", "persons")]
    [InlineData("KIND is provider, medicine, institution, not 'city'", "simulate", "world", "city", "--number", "1")]
    [InlineData("providers are numbered from 1 to", "simulate", "world", "provider", "--number", "2000000")]
    [InlineData(
        "has an institution 1: amoe simulate persons shows", "simulate", "world", "institution", "--number", "1")]
    [InlineData("--index is from 0 to", "simulate", "persons", "--index", "4294967295")]
    public async Task Wrong_usage_is_one_line_and_exit_code_1(string says, params string[] args) =>
        (await AmoeCommand.RunAsync(args)).IsRefusal(1, says);

    [Theory]
    [InlineData("simulate")]
    [InlineData("simulate persons")]
    [InlineData("simulate world")]
    [InlineData("serve")]
    [InlineData("cluster")]
    [InlineData("cluster status")]
    [InlineData("verify")]
    [InlineData("quarantine")]
    [InlineData("quarantine list")]
    [InlineData("quarantine explain")]
    [InlineData("quarantine retry")]
    [InlineData("journal")]
    [InlineData("journal info")]
    [InlineData("journal show")]
    [InlineData("journal case")]
    [InlineData("journal copy")]
    [InlineData("journal drop")]
    [InlineData("explain")]
    [InlineData("rules")]
    [InlineData("rules show")]
    [InlineData("rules diff")]
    [InlineData("rules adopt")]
    [InlineData("rules test")]
    [InlineData("keys")]
    [InlineData("keys create")]
    [InlineData("keys list")]
    [InlineData("keys revoke")]
    [InlineData("vault")]
    [InlineData("vault create")]
    [InlineData("vault join")]
    [InlineData("vault status")]
    [InlineData("vault rotate")]
    [InlineData("vault verify")]
    [InlineData("opening")]
    [InlineData("opening report")]
    [InlineData("opening close")]
    [InlineData("completions")]
    public async Task Help_teaches_by_example_and_lists_exit_codes(string verb)
    {
        var help = await AmoeCommand.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains("Examples:\n  amoe " + verb, help.Output, StringComparison.Ordinal);
        Assert.Contains("  130  stopped by Ctrl-C", help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public async Task Help_of_simulate_lists_the_scenarios_and_says_what_becomes_of_the_journal()
    {
        var help = (await AmoeCommand.RunAsync("simulate", "--help")).Output;

        Assert.Contains(
            "\n  late-facts        The national year, with facts learnt months late", help, StringComparison.Ordinal);
        Assert.Contains("\n  national-year     A national year", help, StringComparison.Ordinal);
        Assert.Contains("Without --journal it is a temporary file", help, StringComparison.Ordinal);
        Assert.Contains(
            "If the journal exists,\n  nothing is touched and the run refuses", help, StringComparison.Ordinal);
        Assert.Contains("--resume without such a journal, or without --journal, is", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no scenario 'nowhere'", "simulate", "nowhere")]
    [InlineData("/nowhere.yaml: the rulebook cannot be read", "simulate", "--rules", "/nowhere.yaml")]
    public async Task What_cannot_be_read_is_one_line_and_exit_code_2(string says, params string[] args) =>
        (await AmoeCommand.RunAsync(args)).IsRefusal(2, says);

    [Fact]
    public async Task A_bad_scenario_or_rulebook_is_named_by_file_and_line()
    {
        using var folder = new TestFolder();
        var notYaml = folder.Write("bad.yaml", "a: [\n");
        var unknownKey = folder.Write("unknown.yaml", "wonders: 7\n");

        (await AmoeCommand.RunAsync("simulate", notYaml)).IsRefusal(2, "bad.yaml, line ");
        (await AmoeCommand.RunAsync("simulate", unknownKey))
            .IsRefusal(2, "unknown.yaml, line 1: unknown key 'wonders'");
        (await AmoeCommand.RunAsync("simulate", "--rules", notYaml)).IsRefusal(2, "bad.yaml, line ");
        (await AmoeCommand.RunAsync("simulate", "--rules", unknownKey)).IsRefusal(2, "unknown.yaml, line 1");
    }

    [Fact]
    public async Task A_person_is_the_same_each_time_and_another_under_another_seed()
    {
        var first = await AmoeCommand.RunAsync("simulate", "persons", "--index", "12", "-o", "json");
        var again = await AmoeCommand.RunAsync("simulate", "persons", "--index", "12", "-o", "json");
        var other = await AmoeCommand.RunAsync("simulate", "persons", "--index", "12", "--seed", "7", "-o", "json");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output, other.Output);
        foreach (var field in new[] { "name", "name_arabic", "cin", "massar", "email", "category" })
            Assert.NotEmpty(first.Json.GetProperty(field).GetString()!);
    }
}
