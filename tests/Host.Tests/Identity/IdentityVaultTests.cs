using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class IdentityVaultTests : IDisposable
{
    private readonly VaultPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_registered_person_is_found_by_both_numbers_and_read_after_a_restart()
    {
        var person = VaultPlace.Student(1);
        StudentId student;
        using (var vault = _place.Open())
            student = await VaultPlace.NewAsync(vault, person);

        using var again = _place.Open();
        Assert.Equal(student, await again.FindAsync(VaultPlace.Cin(person.Cin!), VaultPlace.Desk));
        Assert.Equal(student, await again.FindAsync(VaultPlace.Massar(person.Massar!), VaultPlace.Desk));
        Assert.Equal(student, again.Lookup(VaultPlace.Cin(person.Cin!.ToLowerInvariant())));
        Assert.Equal(person, await again.ReadAsync(student, VaultPlace.Desk));
        Assert.Null(again.Lookup(VaultPlace.Cin("ZZ1")));
        Assert.Null(await again.ReadAsync(new StudentId(student.Value ^ 1), VaultPlace.Desk));
        Assert.Empty(_place.Warnings);
    }

    [Fact]
    public async Task The_same_person_again_has_the_same_number()
    {
        using var vault = _place.Open();
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Student(1));

        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await vault.RegisterAsync(VaultPlace.Student(1)));
        Assert.Equal(1, (await vault.StatusAsync()).Persons);
    }

    [Fact]
    public async Task Many_callers_with_one_person_have_one_number()
    {
        using var vault = _place.Open();
        var registrations = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(() => vault.RegisterAsync(VaultPlace.Student(i % 4)))));

        Assert.Equal(4, registrations.Count(registration => registration.Outcome == RegistrationOutcome.New));
        Assert.All(
            registrations.Index().GroupBy(at => at.Index % 4),
            same => Assert.Single(same.Select(at => at.Item.Student).Distinct()));
    }

    [Fact]
    public async Task A_number_of_another_person_is_refused_and_says_which()
    {
        using var vault = _place.Open();
        var (one, two) = (VaultPlace.Fields(1), VaultPlace.Fields(2));
        await VaultPlace.NewAsync(vault, VaultPlace.Of(one));
        await VaultPlace.NewAsync(vault, VaultPlace.Of(two));

        await RefusedAsync(NumberConflict.CinOfAnother, one with { Massar = "G999999999" });
        await RefusedAsync(NumberConflict.MassarOfAnother, one with { Cin = "ZZ99999" });
        await RefusedAsync(NumberConflict.TwoPersons, one with { Massar = two.Massar });
        Assert.Equal(2, (await vault.StatusAsync()).Persons);

        async Task RefusedAsync(NumberConflict conflict, PersonFields fields) =>
            Assert.Equal(
                new Registration(RegistrationOutcome.Conflict, null, conflict),
                await vault.RegisterAsync(VaultPlace.Of(fields)));
    }

    [Fact]
    public async Task Other_data_of_a_known_person_are_a_correction_and_no_registration()
    {
        using var vault = _place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        var conflict = new Registration(RegistrationOutcome.Conflict, student, NumberConflict.OtherData);

        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { LastName = "Amrani" })));
        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { Cin = null })));
        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { Massar = null })));
        Assert.Equal(VaultPlace.Of(fields), await vault.ReadAsync(student, VaultPlace.Desk));
    }

    [Fact]
    public async Task A_minor_has_a_CIN_by_a_correction()
    {
        using var vault = _place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields with { Cin = null }));

        Assert.Equal(
            new Registration(RegistrationOutcome.Conflict, student, NumberConflict.OtherData),
            await vault.RegisterAsync(VaultPlace.Of(fields)));
        Assert.Equal(
            CorrectionOutcome.Corrected, await vault.CorrectAsync(student, VaultPlace.Of(fields), VaultPlace.Desk));
        Assert.Equal(student, vault.Lookup(VaultPlace.Cin(fields.Cin!)));
        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await vault.RegisterAsync(VaultPlace.Of(fields)));
    }

    [Fact]
    public async Task A_corrected_CIN_leaves_the_old_one_as_an_alias()
    {
        var fields = VaultPlace.Fields(1);
        StudentId student;
        using (var vault = _place.Open())
        {
            student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
            Assert.Equal(
                CorrectionOutcome.Corrected,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk));
            Assert.Equal(
                CorrectionOutcome.Unchanged,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk));
        }

        using var again = _place.Open();
        Assert.Equal(
            (student, student), (again.Lookup(VaultPlace.Cin(fields.Cin!)), again.Lookup(VaultPlace.Cin("ZZ99999"))));
        Assert.Equal("ZZ99999", (await again.ReadAsync(student, VaultPlace.Desk))!.Cin);
        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await again.RegisterAsync(VaultPlace.Of(fields)));
        Assert.Equal(
            NumberConflict.CinOfAnother,
            (await again.RegisterAsync(VaultPlace.Of(VaultPlace.Fields(2) with { Cin = fields.Cin }))).Conflict);
    }

    [Fact]
    public async Task A_CIN_that_was_written_by_mistake_is_released_to_the_person_whose_it_is()
    {
        using var vault = _place.Open();
        var fields = VaultPlace.Fields(1);
        var owner = VaultPlace.Of(VaultPlace.Fields(2) with { Cin = fields.Cin });
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        await vault.CorrectAsync(
            student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk, OldNumbers.Released);

        Assert.Null(vault.Lookup(VaultPlace.Cin(fields.Cin!)));
        var other = await VaultPlace.NewAsync(vault, owner);
        Assert.Equal(
            (other, student),
            (vault.Lookup(VaultPlace.Cin(fields.Cin!)), vault.Lookup(VaultPlace.Massar(fields.Massar!))));
    }

    [Fact]
    public async Task A_correction_to_a_number_of_another_person_is_refused()
    {
        using var vault = _place.Open();
        var (one, two) = (VaultPlace.Fields(1), VaultPlace.Fields(2));
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(one));
        await VaultPlace.NewAsync(vault, VaultPlace.Of(two));

        Assert.Equal(
            CorrectionOutcome.CinOfAnother,
            await vault.CorrectAsync(student, VaultPlace.Of(one with { Cin = two.Cin }), VaultPlace.Desk));
        Assert.Equal(
            CorrectionOutcome.MassarOfAnother,
            await vault.CorrectAsync(student, VaultPlace.Of(one with { Massar = two.Massar }), VaultPlace.Desk));
        Assert.Equal(
            CorrectionOutcome.Unknown,
            await vault.CorrectAsync(new StudentId(student.Value ^ 1), VaultPlace.Of(one), VaultPlace.Desk));
        Assert.Equal(VaultPlace.Of(one), await vault.ReadAsync(student, VaultPlace.Desk));
    }

    [Fact]
    public async Task A_person_has_at_most_sixteen_numbers()
    {
        using var vault = _place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        for (var i = 2; i < VaultStore.NumbersMax; i++)
            Assert.Equal(
                CorrectionOutcome.Corrected,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = $"ZZ{i}" }), VaultPlace.Desk));

        Assert.Equal(
            CorrectionOutcome.TooManyNumbers,
            await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99" }), VaultPlace.Desk));
        Assert.Null(vault.Lookup(VaultPlace.Cin("ZZ99")));
    }

    [Fact]
    public async Task A_number_that_was_used_or_erased_is_never_given_again()
    {
        var draws = new Queue<ulong>([7, 7, 8, 7, 8, 9]);
        using (var vault = _place.Open(options: new VaultOptions { Draw = draws.Dequeue }))
        {
            Assert.Equal(7UL, (await VaultPlace.NewAsync(vault, VaultPlace.Student(1))).Value);
            Assert.Equal(8UL, (await VaultPlace.NewAsync(vault, VaultPlace.Student(2))).Value);
            Assert.Equal(ErasureOutcome.Erased, await vault.EraseAsync(new StudentId(7), VaultPlace.Desk));
        }

        using var again = _place.Open(options: new VaultOptions { Draw = draws.Dequeue });
        Assert.Equal(9UL, (await VaultPlace.NewAsync(again, VaultPlace.Student(1))).Value);
    }

    [Fact]
    public async Task Numbers_are_below_2_to_the_53_and_not_in_order()
    {
        using var vault = _place.Open();
        var numbers = new List<ulong>();
        for (var i = 0; i < 64; i++)
            numbers.Add((await VaultPlace.NewAsync(vault, VaultPlace.Student(i))).Value);

        Assert.All(numbers, number => Assert.InRange(number, 1UL, (1UL << 53) - 1));
        Assert.NotEqual(numbers.Order(), numbers);
        Assert.Contains(numbers, number => number > 1UL << 50);
    }

    /// <summary>The files as kill -9 leaves them, after each registration that was answered.</summary>
    [Fact]
    public async Task What_was_answered_is_there_after_a_kill()
    {
        using var vault = _place.Open();
        for (var i = 0; i < 5; i++)
        {
            var student = await VaultPlace.NewAsync(vault, VaultPlace.Student(i));
            var killed = _place.CopyAsKilled();
            using (var after = IdentityVault.Open(killed, _place.Key, TimeProvider.System))
                Assert.Equal(VaultPlace.Student(i), await after.ReadAsync(student, VaultPlace.Desk));
            Directory.Delete(killed, recursive: true);
        }
    }

    [Fact]
    public async Task Every_reading_and_finding_is_in_the_audit_log_before_it_is_answered_and_no_personal_data_is()
    {
        using var vault = _place.Open();
        var person = VaultPlace.Student(1);
        var student = await VaultPlace.NewAsync(vault, person);
        await vault.FindAsync(VaultPlace.Cin(person.Cin!), VaultPlace.Desk);
        Assert.EndsWith(
            $"\"student\":{student}", File.ReadAllLines(Copied())[^1].Split(",\"hash\"")[0], StringComparison.Ordinal);
        await vault.ReadAsync(student, VaultPlace.Desk);
        await vault.FindAsync(VaultPlace.Cin("ZZ1"), VaultPlace.Desk);
        await vault.CorrectAsync(
            student, VaultPlace.Of(VaultPlace.Fields(1) with { LastName = "Amrani" }), VaultPlace.Desk);

        var lines = File.ReadAllLines(Copied());
        Assert.Equal(
            ["begin", "find", "read", "find", "correct"],
            lines.Select(line => line.Split("\"what\":\"")[1].Split('"')[0]));
        Assert.All(
            lines[1..],
            line =>
                Assert.Contains(
                    "\"actor\":\"desk-7\",\"purpose\":\"a question at the desk\"", line, StringComparison.Ordinal));
        Assert.All(
            (string[])[person.Cin!, person.Massar!, person.FirstName, person.LastName, "Amrani", "ZZ1"],
            text => Assert.DoesNotContain(text, string.Concat(lines), StringComparison.Ordinal));

        string Copied()
        {
            var copy = _place.Beside("audit.copy");
            using var from = new FileStream(_place.Audit, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(copy);
            from.CopyTo(to);
            return copy;
        }
    }

    [Fact]
    public async Task A_second_process_is_refused()
    {
        using var vault = _place.Open();
        await VaultPlace.NewAsync(vault, VaultPlace.Student(1));

        Assert.Contains(
            "in use by another process", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_something_in_it_gets_no_vault_and_keeps_what_it_has()
    {
        Assert.Contains(
            "not an empty folder",
            Assert.Throws<VaultException>(() =>
                IdentityVault.Create(_place.Folder, _place.Key, "h", TimeProvider.System)).Message,
            StringComparison.Ordinal);
        _place.Open().Dispose();
    }

    [Theory]
    [InlineData(VaultFiles.Persons)]
    [InlineData(VaultFiles.Keys)]
    [InlineData(VaultFiles.Audit)]
    public void A_file_that_is_missing_is_named(string name)
    {
        File.Delete(Path.Combine(_place.Folder, name));

        Assert.Contains(
            name + " of the identity vault is missing", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_vault_and_files_of_another_kind_are_refused()
    {
        Assert.Contains(
            "there is no identity vault",
            Assert.Throws<VaultException>(() =>
                IdentityVault.Open(_place.Beside("none"), _place.Key, TimeProvider.System)).Message,
            StringComparison.Ordinal);
        using (var other = SqliteDatabase.Open(_place.Beside("other"), SqliteAccess.Create))
            other.Execute("CREATE TABLE t (x)");
        _place.Restore(VaultFiles.Keys, "other");
        Assert.Contains(
            "another kind of file", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_place.Folder, VaultFiles.Keys), new string('x', 5_000));
        Assert.Contains(
            "another kind of file", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_another_vault_are_refused()
    {
        using (var vault = _place.Open())
            await VaultPlace.NewAsync(vault, VaultPlace.Student(1));
        IdentityVault.Create(_place.Beside("second"), _place.Key, "h", TimeProvider.System);
        File.Copy(
            Path.Combine(_place.Beside("second"), VaultFiles.Keys), Path.Combine(_place.Folder, VaultFiles.Keys),
            overwrite: true);

        Assert.Contains(
            "two vaults", Assert.Throws<VaultException>(() => _place.Open()).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Somebody who can write the file, and exchanges the data of two persons, or of a person's times.
    /// </summary>
    [Fact]
    public async Task Data_in_another_students_row_do_not_open_and_spoil_only_themselves()
    {
        StudentId one, two;
        using (var vault = _place.Open())
        {
            one = await VaultPlace.NewAsync(vault, VaultPlace.Student(1));
            two = await VaultPlace.NewAsync(vault, VaultPlace.Student(2));
        }

        Sql(
            VaultFiles.Persons,
            "UPDATE person SET sealed = (SELECT sealed FROM person WHERE place = 1) WHERE place = 2");
        Sql(
            VaultFiles.Keys,
            "UPDATE person_key SET wrapped = (SELECT wrapped FROM person_key WHERE place = 1) WHERE place = 2");
        using var again = _place.Open();
        var refused = await Assert.ThrowsAsync<VaultException>(async () => await again.ReadAsync(two, VaultPlace.Desk));
        Assert.Contains($"student {two} cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VaultPlace.Student(1), await again.ReadAsync(one, VaultPlace.Desk));

        var registrations = Enumerable.Range(1, 20).Select(i => again.RegisterAsync(VaultPlace.Student(i))).ToArray();
        foreach (var (i, registration) in registrations.Index())
        {
            if (i == 1)
                Assert.Contains(
                    "damaged", (await Assert.ThrowsAsync<VaultException>(() => registration)).Message,
                    StringComparison.Ordinal);
            else
                Assert.Equal(
                    i == 0 ? RegistrationOutcome.Known : RegistrationOutcome.New, (await registration).Outcome);
        }
    }

    [Fact]
    public void The_index_of_600000_persons_takes_less_than_100_MB()
    {
        const int Persons = 600_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new VaultIndex();
        index.Reserve(Persons);
        Span<byte> numbers = stackalloc byte[2 * NumberHash.Bytes];
        for (var i = 1; i <= Persons; i++)
        {
            BitConverter.TryWriteBytes(numbers, i * 7_919L);
            BitConverter.TryWriteBytes(numbers[NumberHash.Bytes..], i * 104_729L);
            index.Load(i, new StudentId((ulong)i), numbers);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 1, 100L << 20);
        Assert.Equal(Persons, index.PlaceOf(new StudentId(Persons)));
    }

    private void Sql(string name, string sql)
    {
        using var database = SqliteDatabase.Open(Path.Combine(_place.Folder, name), SqliteAccess.Write);
        database.Execute(sql);
    }
}
