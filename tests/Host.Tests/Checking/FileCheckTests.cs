using System.Net;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Checking;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Tests.Api;
using Amoe.Tests.Tls;

namespace Amoe.Host.Tests.Checking;

/// <summary><c>serve --check</c> on a file says what a start would come to, and leaves everything as it is.</summary>
public sealed class FileCheckTests : IDisposable
{
    private static readonly JournalIdentity Begins = JournalIdentity.OfProduction(
        ShippedRulebooks.Find(ShippedRulebooks.Amended)!.Text, new PartitionCounts(4, 2));

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_nothing_is_there_yet_a_start_would_serve_and_nothing_is_made()
    {
        var check = await AmoeCommand.RunAsync("serve", "--check", "--journal", Journal, "--http", "127.0.0.1:0");

        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("ok       journal          ", check.Output, StringComparison.Ordinal);
        Assert.Contains("warning  keys             no file", check.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Every_check_is_a_line_although_others_failed_and_the_exit_code_is_that_of_the_start()
    {
        string[] options = [
            "--journal", _folder.Write("live.amoe", "no journal"), "--http", "127.0.0.1:0", "--keys", _folder.File(
            "none.json"), "--vault", _folder.File("none"), "--vault-key", _folder.File("none.key")];
        var check = await AmoeCommand.RunAsync(["serve", "--check", "-o", "json", .. options]);

        var lines = check.Output.TrimEnd('\n').Split('\n').Select(
            line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToDictionary(
            line => line.GetProperty("check").GetString()!, line => line.GetProperty("state").GetString());
        Assert.Equal(
            ["settings", "rulebook", "http", "certificate", "keys", "tokens", "answers", "vault", "folder", "journal",
            "clock", "disk"], lines.Keys);
        Assert.Equal(
            ["keys", "vault", "journal"], lines.Where(line => line.Value == "failed").Select(line => line.Key));
        var start = await AmoeCommand.RunAsync(["serve", .. options]);
        start.IsRefusal(check.ExitCode, "there is no such file");
    }

    [Fact]
    public async Task A_journal_whose_opening_balances_are_begun_is_not_one_for_business_days()
    {
        using (var journal = SqliteJournal.Create(Journal, Begins))
            await JournalOpening.BeginAsync(journal, TimeProvider.System);
        string[] options = ["serve", "--check", "--journal", Journal, "--http", "127.0.0.1:0"];
        Assert.Equal(0, (await AmoeCommand.RunAsync([.. options, "--opening"])).ExitCode);
        var check = await AmoeCommand.RunAsync(options);
        Assert.Equal(3, check.ExitCode);
        Assert.Contains("its opening balances are not closed", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_contradict_each_other_are_refused_as_by_the_start() =>
        (await AmoeCommand.RunAsync("serve", "--check", "--journal", Journal, "--listen", "127.0.0.1:0")).IsRefusal(
            1, "is a file, and hosts need a journal that they can share");

    [Fact]
    public async Task A_host_that_serves_has_journal_and_address_to_itself()
    {
        await using (var api = await LiveApi.StartAsync(Journal))
        {
            var beside = Check(Request() with { Http = new IPEndPoint(IPAddress.Loopback, api.Port) });
            Assert.Equal(2, beside.ExitCode);
            Assert.Equal(["http", "folder"], beside.Failed);
            Assert.Contains("it is in use by another process", beside["folder"].Found, StringComparison.Ordinal);
        }

        var after = Check(Request());
        Assert.Equal((0, 0), (after.ExitCode, after.Failed.Count()));
        Assert.Contains("and the day is open", after["clock"].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_a_start_would_refuse_is_named()
    {
        await (await LiveApi.StartAsync(Journal)).DisposeAsync();
        foreach (var (days, says) in new[] { (-2, "set the clock of this machine"), (400, "add --catch-up") })
        {
            var time = new LaterTime(TimeSpan.FromDays(days));
            var check = Check(Request(), time);
            Assert.Equal(["clock"], check.Failed);
            Assert.Contains(says, check["clock"].Found, StringComparison.Ordinal);
            var refused = await Assert.ThrowsAsync<InputException>(() => LiveApi.StartAsync(Journal, time: time));
            Assert.Equal((2, refused.Message), (check.ExitCode, check["clock"].Found));
        }
    }

    [Fact]
    public async Task The_journal_of_a_simulation_is_refused_as_by_the_start()
    {
        SqliteJournal.Create(Journal, Begins with { Source = "a scenario" }).Dispose();
        var check = Check(Request());
        var refused = await Assert.ThrowsAsync<JournalException>(() => LiveApi.StartAsync(Journal));
        Assert.Equal((3, refused.Message), (check.ExitCode, check["journal"].Found));
    }

    [Fact]
    public async Task A_certificate_is_named_with_its_days_and_one_that_is_not_valid_is_refused_as_by_the_start()
    {
        using var authority = new Authority(_folder.Path, "authority");
        var file = authority.Issue("localhost").CertificateFile;
        _folder.Write("appsettings.json", $$"""{"Https":{"Certificate":"{{file}}"} }""");
        var settings = LiveSettings.Read(_folder.Path);
        var soon = Check(Request(settings));
        Assert.Equal((0, CheckState.Warning), (soon.ExitCode, soon["certificate"].State));
        Assert.Contains(
            $"valid from {DateTime.UtcNow.AddHours(-1).ToLocalTime():yyyy-MM-dd}", soon["certificate"].Found,
            StringComparison.Ordinal);

        var time = new LaterTime(TimeSpan.FromDays(2));
        var over = Check(Request(settings), time);
        var refused = await Assert.ThrowsAsync<InputException>(
            () => LiveApi.StartAsync(Journal, settings: settings, time: time));
        Assert.Equal((2, refused.Message), (over.ExitCode, over["certificate"].Found));
        Assert.False(File.Exists(Journal), "a journal was begun");

        // Another's key.
        File.WriteAllText(
            file, File.ReadAllText(file).Split("-----BEGIN PRIVATE KEY-----")[0] + KeyOf(
            authority.Issue("other").CertificateFile));
        Assert.Contains(
            "the certificate of HTTPS cannot be used", Check(Request(settings))["certificate"].Found,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_vault_is_opened_with_its_key_and_left_as_it_is()
    {
        using var place = new Identity.VaultPlace();
        var (key, other) = (place.Beside("a.key"), place.Beside("b.key"));
        MasterKey.Create(key).Dispose();
        MasterKey.Create(other).Dispose();
        var folder = place.Beside("checked");
        using (var master = MasterKey.Read(key))
            IdentityVault.Create(folder, master, "host-1", TimeProvider.System);
        var before = Contents(folder);

        Assert.Contains(
            ": 0 persons, under the master key", Check(Request() with { Vault = new VaultPlace(folder, key) })[
            "vault"].Found, StringComparison.Ordinal);
        var sealedOtherwise = Check(Request() with { Vault = new VaultPlace(folder, other) });
        Assert.Equal(["vault"], sealedOtherwise.Failed);
        Assert.Equal(3, sealedOtherwise.ExitCode);
        Assert.Contains("it is sealed under the master key", sealedOtherwise["vault"].Found, StringComparison.Ordinal);
        Assert.Equal(before, Contents(folder));

        File.AppendAllText(Path.Combine(folder, VaultFiles.Audit), "{\"forged\":true}\n");
        Assert.Contains(
            "Find out who changed it", Check(Request() with { Vault = new VaultPlace(folder, key) })["vault"].Found,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_no_caller_can_use_are_worth_a_warning()
    {
        var file = _folder.File("keys.json");
        var made = await AmoeCommand.RunAsync("keys", "create", "--role", "fund", "--keys", file, "-o", "json");
        var settings = new LiveSettings();
        var request = Request() with
        {
            Api = new ApiRequest(file, settings, CatchesUp: false, IsClockOfStreams: false)
        };
        Assert.Equal($"{file}: 1 of 1 keys are active", Check(request)["keys"].Found);

        var id = made.Json.GetProperty("id").GetString()!;
        (await AmoeCommand.RunAsync("keys", "revoke", id, "--keys", file)).IsDone();
        var revoked = Check(request);
        Assert.Equal((0, CheckState.Warning), (revoked.ExitCode, revoked["keys"].State));
        Assert.Equal($"{file}: 0 of 1 keys are active", revoked["keys"].Found);
    }

    private static IEnumerable<(string, string)> Contents(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(
            file => (file, Convert.ToHexString(File.ReadAllBytes(file))))];

    private static string KeyOf(string file) =>
        "-----BEGIN PRIVATE KEY-----" + File.ReadAllText(file).Split("-----BEGIN PRIVATE KEY-----")[1];

    private static Checked Check(LiveRequest request, TimeProvider? time = null) =>
        Checked.By(checks => FileChecks.Run(checks, request, isConfigured: true, time ?? TimeProvider.System));

    private LiveRequest Request(LiveSettings? settings = null) => new(
        JournalAddress.Parse(Journal), new IPEndPoint(IPAddress.Loopback, 0), new ApiRequest(
            null, settings ?? new LiveSettings(), CatchesUp: false, IsClockOfStreams: false), null, 2, Begins);
}
