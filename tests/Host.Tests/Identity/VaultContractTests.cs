using Amoe.Engine.Domain;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

/// <summary>What a vault does with persons, wherever it keeps them.</summary>
public sealed class VaultContractTests
{
    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_registered_person_is_found_by_both_numbers_and_read_after_a_restart(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var person = VaultPlace.Student(1);
        StudentId student;
        using (var vault = place.Open())
            student = await VaultPlace.NewAsync(vault, person);

        using var again = place.Open();
        Assert.Equal(student, await again.FindAsync(VaultPlace.Cin(person.Cin!), VaultPlace.Desk));
        Assert.Equal(student, await again.FindAsync(VaultPlace.Massar(person.Massar!), VaultPlace.Desk));
        Assert.Equal(student, await again.LookupAsync(VaultPlace.Cin(person.Cin!.ToLowerInvariant())));
        Assert.Equal(person, await again.ReadAsync(student, VaultPlace.Desk));
        Assert.Null(await again.LookupAsync(VaultPlace.Cin("ZZ1")));
        Assert.Null(await again.ReadAsync(new StudentId(student.Value ^ 1), VaultPlace.Desk));
        Assert.Empty(place.Warnings);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task The_same_person_again_has_the_same_number(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Student(1));

        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await vault.RegisterAsync(VaultPlace.Student(1)));
        Assert.Equal(1, (await vault.StatusAsync()).Persons);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task Many_callers_with_one_person_have_one_number(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var registrations = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(() => vault.RegisterAsync(VaultPlace.Student(i % 4)))));

        Assert.Equal(4, registrations.Count(registration => registration.Outcome == RegistrationOutcome.New));
        Assert.All(
            registrations.Index().GroupBy(at => at.Index % 4),
            same => Assert.Single(same.Select(at => at.Item.Student).Distinct()));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_number_of_another_person_is_refused_and_says_which(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
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

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task Other_data_of_a_known_person_are_a_correction_and_no_registration(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        var conflict = new Registration(RegistrationOutcome.Conflict, student, NumberConflict.OtherData);

        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { LastName = "Amrani" })));
        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { Cin = null })));
        Assert.Equal(conflict, await vault.RegisterAsync(VaultPlace.Of(fields with { Massar = null })));
        Assert.Equal(VaultPlace.Of(fields), await vault.ReadAsync(student, VaultPlace.Desk));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_minor_has_a_CIN_by_a_correction(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields with { Cin = null }));

        Assert.Equal(
            new Registration(RegistrationOutcome.Conflict, student, NumberConflict.OtherData),
            await vault.RegisterAsync(VaultPlace.Of(fields)));
        Assert.Equal(
            CorrectionOutcome.Corrected, await vault.CorrectAsync(student, VaultPlace.Of(fields), VaultPlace.Desk));
        Assert.Equal(student, await vault.LookupAsync(VaultPlace.Cin(fields.Cin!)));
        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await vault.RegisterAsync(VaultPlace.Of(fields)));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_corrected_CIN_leaves_the_old_one_as_an_alias(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var fields = VaultPlace.Fields(1);
        StudentId student;
        using (var vault = place.Open())
        {
            student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
            Assert.Equal(
                CorrectionOutcome.Corrected,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk));
            Assert.Equal(
                CorrectionOutcome.Unchanged,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk));
        }

        using var again = place.Open();
        Assert.Equal(
            (student, student), (await again.LookupAsync(VaultPlace.Cin(fields.Cin!)), await again.LookupAsync(VaultPlace.Cin("ZZ99999"))));
        Assert.Equal("ZZ99999", (await again.ReadAsync(student, VaultPlace.Desk))!.Cin);
        Assert.Equal(
            new Registration(RegistrationOutcome.Known, student), await again.RegisterAsync(VaultPlace.Of(fields)));
        Assert.Equal(
            NumberConflict.CinOfAnother,
            (await again.RegisterAsync(VaultPlace.Of(VaultPlace.Fields(2) with { Cin = fields.Cin }))).Conflict);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_CIN_that_was_written_by_mistake_is_released_to_the_person_whose_it_is(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var fields = VaultPlace.Fields(1);
        var owner = VaultPlace.Of(VaultPlace.Fields(2) with { Cin = fields.Cin });
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        await vault.CorrectAsync(
            student, VaultPlace.Of(fields with { Cin = "ZZ99999" }), VaultPlace.Desk, OldNumbers.Released);

        Assert.Null(await vault.LookupAsync(VaultPlace.Cin(fields.Cin!)));
        var other = await VaultPlace.NewAsync(vault, owner);
        Assert.Equal(
            (other, student),
            (await vault.LookupAsync(VaultPlace.Cin(fields.Cin!)),
                await vault.LookupAsync(VaultPlace.Massar(fields.Massar!))));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_correction_to_a_number_of_another_person_is_refused(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
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

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_person_has_at_most_sixteen_numbers(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var fields = VaultPlace.Fields(1);
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Of(fields));
        for (var i = 2; i < PersonRegister.NumbersMax; i++)
            Assert.Equal(
                CorrectionOutcome.Corrected,
                await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = $"ZZ{i}" }), VaultPlace.Desk));

        Assert.Equal(
            CorrectionOutcome.TooManyNumbers,
            await vault.CorrectAsync(student, VaultPlace.Of(fields with { Cin = "ZZ99" }), VaultPlace.Desk));
        Assert.Null(await vault.LookupAsync(VaultPlace.Cin("ZZ99")));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_number_that_was_used_or_erased_is_never_given_again(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var draws = new Queue<ulong>([7, 7, 8, 7, 8, 9]);
        using (var vault = place.Open(options: new VaultOptions { Draw = draws.Dequeue }))
        {
            Assert.Equal(7UL, (await VaultPlace.NewAsync(vault, VaultPlace.Student(1))).Value);
            Assert.Equal(8UL, (await VaultPlace.NewAsync(vault, VaultPlace.Student(2))).Value);
            Assert.Equal(ErasureOutcome.Erased, await vault.EraseAsync(new StudentId(7), VaultPlace.Desk));
        }

        using var again = place.Open(options: new VaultOptions { Draw = draws.Dequeue });
        Assert.Equal(9UL, (await VaultPlace.NewAsync(again, VaultPlace.Student(1))).Value);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task Numbers_are_below_2_to_the_53_and_not_in_order(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var numbers = new List<ulong>();
        for (var i = 0; i < 64; i++)
            numbers.Add((await VaultPlace.NewAsync(vault, VaultPlace.Student(i))).Value);

        Assert.All(numbers, number => Assert.InRange(number, 1UL, (1UL << 53) - 1));
        Assert.NotEqual(numbers.Order(), numbers);
        Assert.Contains(numbers, number => number > 1UL << 50);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task Every_reading_and_finding_is_in_the_audit_log_before_it_is_answered_and_no_personal_data_is(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
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
            var copy = place.Beside("audit.copy");
            using var from = new FileStream(place.Audit, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(copy);
            from.CopyTo(to);
            return copy;
        }
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_second_process_is_refused(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        await VaultPlace.NewAsync(vault, VaultPlace.Student(1));

        Assert.Contains(
            "in use by another process", Assert.Throws<VaultException>(() => place.Open()).Message,
            StringComparison.Ordinal);
    }
}
