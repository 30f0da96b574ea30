using System.Diagnostics.CodeAnalysis;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Host.Tests.Identity;

/// <summary>A vault in two databases, which two hosts have open at the same time.</summary>
public sealed class SharedVaultTests
{
    private static readonly Person _person = VaultPlace.Student(1);

    [PostgresFact]
    public async Task What_one_host_registers_and_corrects_the_other_finds_and_reads()
    {
        using var hosts = new Hosts();
        var student = await VaultPlace.NewAsync(hosts.First, _person);
        var corrected = VaultPlace.Of(VaultPlace.Fields(1) with { Cin = "ZZ99999", LastName = "Amrani" });

        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await hosts.Second.RegisterAsync(_person));
        Assert.Equal(_person, await hosts.Second.ReadAsync(student, VaultPlace.Desk));
        Assert.Equal(
            CorrectionOutcome.Corrected, await hosts.Second.CorrectAsync(student, corrected, VaultPlace.Desk));

        Assert.Equal(corrected, await hosts.First.ReadAsync(student, VaultPlace.Desk));
        Assert.Equal(student, await hosts.First.FindAsync(VaultPlace.Cin("ZZ99999"), VaultPlace.Desk));
        Assert.Equal(student, await hosts.First.FindAsync(VaultPlace.Cin(_person.Cin!), VaultPlace.Desk));
    }

    [PostgresFact]
    public async Task The_same_CIN_on_two_hosts_at_the_same_time_is_one_person_and_one_conflict()
    {
        const int Persons = 200;
        using var hosts = new Hosts();
        var registrations = await Task.WhenAll(Enumerable.Range(0, Persons * 2).Select(i => Task.Run(() =>
            (i % 2 == 0 ? hosts.First : hosts.Second).RegisterAsync(
                VaultPlace.Of(VaultPlace.Fields(i / 2) with { LastName = i % 2 == 0 ? "Amrani" : "Bennis" })))));

        for (var i = 0; i < Persons; i++)
        {
            var pair = registrations[(2 * i)..(2 * i + 2)];
            var one = Assert.Single(pair, registration => registration.Outcome == RegistrationOutcome.New);
            Assert.Equal(
                new Registration(RegistrationOutcome.Conflict, one.Student, NumberConflict.OtherData),
                Assert.Single(pair, registration => registration.Outcome != RegistrationOutcome.New));
        }

        Assert.Equal((Persons, Persons), await CountsAsync(hosts.First));
    }

    /// <summary>Whatever a program does: the database itself has one owner of a number.</summary>
    [PostgresFact]
    public async Task A_second_owner_of_a_number_is_refused_by_the_database()
    {
        using var hosts = new Hosts();
        await VaultPlace.NewAsync(hosts.First, _person);
        await VaultPlace.NewAsync(hosts.Second, VaultPlace.Student(2));

        var refused = Assert.Throws<PostgresException>(() => hosts.Place.Persons!.Execute("""
            INSERT INTO amoe.person_number (hash, student)
            SELECT hash, (SELECT max(student) FROM amoe.person) FROM amoe.person_number
            WHERE student = (SELECT min(student) FROM amoe.person)
            """));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [PostgresFact]
    public async Task A_person_that_one_host_erases_is_gone_on_the_other_at_once()
    {
        using var hosts = new Hosts();
        var student = await VaultPlace.NewAsync(hosts.First, _person);
        Assert.Equal(_person, await hosts.Second.ReadAsync(student, VaultPlace.Desk));

        Assert.Equal(ErasureOutcome.Erased, await hosts.First.EraseAsync(student, VaultPlace.Desk));

        await IsGoneAsync(hosts.Second, student);
        Assert.Equal(ErasureOutcome.AlreadyErased, await hosts.Second.EraseAsync(student, VaultPlace.Desk));
        Assert.NotEqual(student, await VaultPlace.NewAsync(hosts.Second, _person));
    }

    /// <summary>A crash after the key's deletion, before that of the data.</summary>
    [PostgresFact]
    public async Task A_person_whose_key_is_deleted_is_gone_though_the_data_are_still_there()
    {
        using var hosts = new Hosts();
        var (student, other) = (await VaultPlace.NewAsync(hosts.First, _person),
            await VaultPlace.NewAsync(hosts.First, VaultPlace.Student(2)));
        foreach (var gone in (StudentId[])[student, other])
            hosts.Place.Keys!.Execute(
                $"DELETE FROM amoe.person_key WHERE student = {gone}; INSERT INTO amoe.erased VALUES ({gone})");

        await IsGoneAsync(hosts.First, student);
        Assert.Equal(CorrectionOutcome.Unknown, await hosts.Second.CorrectAsync(student, _person, VaultPlace.Desk));
        Assert.NotEqual(student, await VaultPlace.NewAsync(hosts.Second, _person));
        Assert.Equal(ErasureOutcome.Erased, await hosts.Second.EraseAsync(other, VaultPlace.Desk));
        Assert.Equal((1, 1), await CountsAsync(hosts.First));
    }

    [PostgresFact]
    public async Task An_older_dump_of_the_persons_resurrects_no_one()
    {
        using var hosts = new Hosts();
        var (erased, kept) = await DumpAndEraseAsync(hosts, hosts.Place.Persons!);
        Restore(hosts.Place.Persons!);
        Assert.Equal(2L, hosts.Place.Persons!.Scalar<long>("SELECT count(*) FROM amoe.person"));

        // While the hosts are open, and after an opening, which deletes the rows.
        await IsGoneAsync(hosts.First, erased);
        await IsGoneAsync(hosts.Second, erased);
        hosts.CloseAfterRestore();
        hosts.Open();
        await IsGoneAsync(hosts.Second, erased);
        Assert.Equal(1L, hosts.Place.Persons!.Scalar<long>("SELECT count(*) FROM amoe.person"));
        Assert.Equal(VaultPlace.Student(2), await hosts.Second.ReadAsync(kept, VaultPlace.Desk));
    }

    [PostgresFact]
    public async Task An_older_dump_of_the_keys_resurrects_no_one()
    {
        using var hosts = new Hosts();
        var (erased, kept) = await DumpAndEraseAsync(hosts, hosts.Place.Keys!);
        Restore(hosts.Place.Keys!);

        await IsGoneAsync(hosts.Second, erased);
        hosts.CloseAfterRestore();
        hosts.Open();
        Assert.Equal(1L, hosts.Place.Keys!.Scalar<long>("SELECT count(*) FROM amoe.person_key"));
        Assert.Equal(VaultPlace.Student(2), await hosts.Second.ReadAsync(kept, VaultPlace.Desk));
    }

    [PostgresFact]
    public async Task Older_dumps_of_both_resurrect_no_one_once_the_host_that_erased_is_open()
    {
        using var hosts = new Hosts();
        var (erased, kept) = await DumpAndEraseAsync(hosts, hosts.Place.Persons!, hosts.Place.Keys!);
        hosts.Close();
        Restore(hosts.Place.Persons!);
        Restore(hosts.Place.Keys!);

        hosts.Open();

        await IsGoneAsync(hosts.First, erased);
        await IsGoneAsync(hosts.Second, erased);
        Assert.Equal(VaultPlace.Student(2), await hosts.Second.ReadAsync(kept, VaultPlace.Desk));
    }

    /// <summary>
    /// Against the manual. A host that went on, and said that the databases know its erasures, would lose them.
    /// </summary>
    [PostgresFact]
    public async Task A_host_on_which_older_dumps_were_restored_changes_nothing_until_it_is_started_again()
    {
        using var hosts = new Hosts();
        var (erased, _) = await DumpAndEraseAsync(hosts, hosts.Place.Persons!, hosts.Place.Keys!);
        Restore(hosts.Place.Persons!);
        Restore(hosts.Place.Keys!);

        var refused = await Assert.ThrowsAsync<VaultException>(() =>
            hosts.First.RegisterAsync(VaultPlace.Student(3)));
        Assert.Contains("restored from an older dump", refused.Message, StringComparison.Ordinal);
        hosts.CloseAfterRestore();
        hosts.Open();
        await IsGoneAsync(hosts.Second, erased);
        await VaultPlace.NewAsync(hosts.First, VaultPlace.Student(3));
    }

    [PostgresFact]
    public async Task Keys_older_than_their_persons_are_no_erasure_and_are_said_so()
    {
        using var hosts = new Hosts();
        var student = await VaultPlace.NewAsync(hosts.First, _person);
        hosts.Place.Keys!.Execute("DELETE FROM amoe.person_key");

        var refused = await Assert.ThrowsAsync<VaultException>(async () =>
            await hosts.Second.ReadAsync(student, VaultPlace.Desk));
        Assert.Contains("lacks the student's key", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A host that was left running has the former key alone.</summary>
    [PostgresFact]
    public async Task After_a_rotation_a_host_with_the_former_key_registers_and_reads_no_one_until_it_has_the_new_one()
    {
        using var hosts = new Hosts();
        var next = hosts.Place.NewKey();
        var student = await VaultPlace.NewAsync(hosts.Second, _person);
        Assert.Equal(1, await hosts.First.RotateAsync(next));

        var registered = await Assert.ThrowsAsync<VaultException>(() =>
            hosts.Second.RegisterAsync(VaultPlace.Student(2)));
        Assert.Contains($"under the master key {next.Id} since a rotation", registered.Message, StringComparison.Ordinal);
        var read = await Assert.ThrowsAsync<VaultException>(async () =>
            await hosts.Second.ReadAsync(student, VaultPlace.Desk));
        Assert.Contains($"under the master key {next.Id}", read.Message, StringComparison.Ordinal);

        hosts.Close();
        hosts.Open(next);
        Assert.Equal(_person, await hosts.Second.ReadAsync(student, VaultPlace.Desk));
        await VaultPlace.NewAsync(hosts.Second, VaultPlace.Student(2));
        Assert.Equal(
            next.Id, hosts.Place.Keys!.Scalar<string>("SELECT string_agg(DISTINCT master, ' ') FROM amoe.person_key"));
    }

    [PostgresFact]
    public async Task Each_host_has_an_audit_log_of_its_own_that_is_verified_and_cannot_be_exchanged()
    {
        using var hosts = new Hosts();
        var student = await VaultPlace.NewAsync(hosts.First, _person);
        await hosts.First.ReadAsync(student, VaultPlace.Desk);
        await hosts.Second.ReadAsync(student, VaultPlace.Desk);
        await hosts.Second.FindAsync(VaultPlace.Cin(_person.Cin!), VaultPlace.Desk);

        Assert.Equal((null, 1), Walked(hosts.Place.Folder));
        Assert.Equal((null, 2), Walked(hosts.Other));
        hosts.Close();
        var (log, other) = (Path.Combine(hosts.Other, VaultFiles.Audit), File.ReadAllBytes(hosts.Place.Audit));
        var own = File.ReadAllLines(log);
        Assert.Contains("\"host\":\"host-2\"", own[0], StringComparison.Ordinal);

        File.WriteAllText(log, own[0] + "\n" + own[1] + "\n");
        Assert.Contains("line 3 of its own", Walked(hosts.Other).Problem, StringComparison.Ordinal);
        File.WriteAllText(
            log, string.Join('\n', own).Replace("desk-7", "desk-8", StringComparison.Ordinal) + "\n");
        Assert.Contains("was changed", Walked(hosts.Other).Problem, StringComparison.Ordinal);
        File.WriteAllBytes(log, [.. other, .. new byte[own.Sum(line => line.Length)]]);
        Assert.Contains(
            "not the log that the vault has seen",
            Assert.Throws<VaultException>(() => hosts.Place.OpenIn(hosts.Other)).Message, StringComparison.Ordinal);
        Assert.Null(Walked(hosts.Place.Folder).Problem);

        static (string? Problem, long Lines) Walked(string folder)
        {
            var walk = IdentityVault.VerifyAudit(folder);
            return (walk.Problem, walk.End.Sequence);
        }
    }

    [PostgresFact]
    public async Task No_row_of_either_database_has_a_person_in_clear()
    {
        using var hosts = new Hosts();
        await VaultPlace.NewAsync(hosts.First, _person);
        string[] clear = [
            _person.Cin!, _person.Massar!, _person.FirstName, _person.LastName, _person.FirstNameArabic!,
            _person.LastNameArabic!, _person.Email!, _person.Rib!
        ];
        foreach (var text in clear)
            Assert.Equal(0L, hosts.Place.Persons!.Scalar<long>($"""
                SELECT count(*) FROM amoe.person, amoe.person_number
                WHERE position('{text}'::bytea IN sealed) > 0 OR position('{text}'::bytea IN hash) > 0
                """));
        Assert.Equal(1L, hosts.Place.Persons!.Scalar<long>("SELECT count(*) FROM amoe.person"));
    }

    [PostgresFact]
    public async Task A_server_that_was_started_again_is_used_again()
    {
        using var server = PrivatePostgres.Start();
        using var place = new VaultPlace(server);
        using var vault = place.Open();
        var student = await VaultPlace.NewAsync(vault, _person);
        await vault.ReadAsync(student, VaultPlace.Desk);

        server.Stop();
        var refused = await Assert.ThrowsAsync<VaultException>(async () =>
            await vault.ReadAsync(student, VaultPlace.Desk));
        Assert.IsType<JournalUnavailableException>(refused.InnerException);
        await Assert.ThrowsAsync<VaultException>(() => vault.RegisterAsync(VaultPlace.Student(2)));
        server.Restart();

        Assert.Equal(_person, await vault.ReadAsync(student, VaultPlace.Desk));
        await VaultPlace.NewAsync(vault, VaultPlace.Student(2));
        server.Stop();
        server.Restart();
        await VaultPlace.NewAsync(vault, VaultPlace.Student(3));
    }

    [PostgresFact]
    public void Databases_that_have_a_vault_lack_one_or_are_of_two_are_refused()
    {
        using var place = new VaultPlace(VaultKind.Databases);
        using var second = new VaultPlace(VaultKind.Databases);
        var (persons, keys) = (JournalAddress.Parse(place.Persons!.Url), JournalAddress.Parse(place.Keys!.Url));
        var empty = JournalAddress.Parse(PrivatePostgres.Shared.NewDatabase().Url);

        Assert.Contains("already", Refused(() => Create(persons, keys)), StringComparison.Ordinal);
        Assert.Contains("already", Refused(() => Create(persons, empty)), StringComparison.Ordinal);
        Assert.Contains("there is no identity vault in it", Refused(() => Join(persons, empty)), StringComparison.Ordinal);
        Assert.Contains(
            "are of two vaults", Refused(() => Join(persons, JournalAddress.Parse(second.Keys!.Url))),
            StringComparison.Ordinal);
        Assert.Contains(
            "name another for the keys", Assert.Throws<UsageException>(() => Join(persons, persons)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is a file", Assert.Throws<UsageException>(() => Join(persons, JournalAddress.Parse("keys"))).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.Beside("other")));

        // What was refused has left nothing: an empty database takes a vault afterwards.
        Create(JournalAddress.Parse(PrivatePostgres.Shared.NewDatabase().Url), empty);

        void Create(JournalAddress one, JournalAddress other) =>
            SharedVault.Create(place.Beside("other"), one, other, place.Key, "h", TimeProvider.System);
        void Join(JournalAddress one, JournalAddress other) =>
            SharedVault.Join(place.Beside("other"), one, other, "h", TimeProvider.System);
        static string Refused(Action action) => Assert.Throws<VaultException>(action).Message;
    }

    private static async Task IsGoneAsync(IdentityVault vault, StudentId student)
    {
        Assert.Null(await vault.ReadAsync(student, VaultPlace.Desk));
        Assert.Null(await vault.FindAsync(VaultPlace.Cin(_person.Cin!), VaultPlace.Desk));
        Assert.Null(await vault.LookupAsync(VaultPlace.Massar(_person.Massar!)));
    }

    private static async Task<(long Persons, long Keys)> CountsAsync(IdentityVault vault)
    {
        var status = await vault.StatusAsync();
        return (status.Persons, status.Keys);
    }

    /// <summary>Two persons, dumps, and one of the two persons erased after them.</summary>
    private static async Task<(StudentId Erased, StudentId Kept)> DumpAndEraseAsync(
        Hosts hosts, params PrivateDatabase[] dumped)
    {
        var erased = await VaultPlace.NewAsync(hosts.First, _person);
        var kept = await VaultPlace.NewAsync(hosts.First, VaultPlace.Student(2));
        foreach (var database in dumped)
        {
            foreach (var table in TablesOf(database))
                database.Execute(
                    $"CREATE SCHEMA IF NOT EXISTS dump; CREATE TABLE dump.{table} AS TABLE amoe.{table}");
        }

        Assert.Equal(ErasureOutcome.Erased, await hosts.First.EraseAsync(erased, VaultPlace.Desk));
        return (erased, kept);
    }

    private static void Restore(PrivateDatabase database)
    {
        var tables = TablesOf(database);
        database.Execute($"TRUNCATE {string.Join(", ", tables.Select(table => $"amoe.{table}"))}");
        foreach (var table in tables)
            database.Execute($"INSERT INTO amoe.{table} SELECT * FROM dump.{table}");
    }

    /// <summary>Those that others refer to come first.</summary>
    private static string[] TablesOf(PrivateDatabase database) => database.Scalar<string[]>(
        "SELECT array_agg(relname::text ORDER BY relname::text) FROM pg_class WHERE relnamespace = 'amoe'::regnamespace AND relkind = 'r'");

    /// <summary>Two hosts of one vault.</summary>
    private sealed class Hosts : IDisposable
    {
        private bool _areOpen;

        public Hosts()
        {
            Other = Place.Join("host-2");
            Open();
        }

        public VaultPlace Place { get; } = new(VaultKind.Databases);

        /// <summary>The second host's folder.</summary>
        public string Other { get; }

        public IdentityVault First { get; private set; }

        public IdentityVault Second { get; private set; }

        [MemberNotNull(nameof(First), nameof(Second))]
        public void Open(MasterKey? key = null) =>
            (First, Second, _areOpen) = (Place.Open(key), Place.OpenIn(Other, key), true);

        public void Close()
        {
            First.Dispose();
            Second.Dispose();
            _areOpen = false;
        }

        /// <summary>The first host cannot say any more that the databases know its erasures.</summary>
        public void CloseAfterRestore()
        {
            Assert.Throws<VaultException>(First.Dispose);
            Second.Dispose();
            _areOpen = false;
        }

        public void Dispose()
        {
            if (_areOpen)
                Close();
            Place.Dispose();
        }
    }
}
