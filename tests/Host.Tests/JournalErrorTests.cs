using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

public sealed class JournalErrorTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    /// <summary>The offset of the layout's number in the header of an SQLite file.</summary>
    private const int UserVersionAt = 60;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_existing_journal_is_refused_and_not_touched()
    {
        var before = await File.ReadAllBytesAsync(year.SmallJournal);

        (await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", year.SmallJournal))
                .IsRefusal(3, "Add --resume to take it up");

        Assert.Equal(before, await File.ReadAllBytesAsync(year.SmallJournal));
    }

    [Fact]
    public async Task A_journal_to_resume_has_to_be_there_and_the_same()
    {
        var copy = Copy();

        (await AmoeCommand.RunAsync("simulate", "--resume", "--journal", _folder.File("none.amoe")))
            .IsRefusal(3, "none.amoe: there is no such file");
        (await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.002", "--resume", "--journal", copy))
            .IsRefusal(3, "another scale: it has 0.001, this run asks for 0.002");
        (await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", "0.001", "--seed", "7", "--resume", "--journal", copy))
                .IsRefusal(3, "another seed: it has 42");
    }

    [Fact]
    public async Task What_is_no_journal_is_refused_by_every_verb()
    {
        var text = _folder.Write("text.amoe", new string('x', 8192));

        (await AmoeCommand.RunAsync("simulate", "--resume", "--journal", text)).IsRefusal(3, "it is not a journal");
        (await AmoeCommand.RunAsync("verify", "--journal", text)).IsRefusal(3, "it is not a journal");
        (await AmoeCommand.RunAsync("journal", "info", "--journal", text)).IsRefusal(3, "it is not a journal");
        (await AmoeCommand.RunAsync("journal", "show", "--journal", text)).IsRefusal(3, "it is not a journal");
    }

    [Fact]
    public async Task A_place_that_cannot_be_is_refused()
    {
        (await AmoeCommand.RunAsync("simulate", "--journal", _folder.File("no/such.amoe")))
            .IsRefusal(3, "does not exist");
        (await AmoeCommand.RunAsync("simulate", "--journal", _folder.Path)).IsRefusal(3, "it is a folder");
    }

    /// <summary>A superuser may write everywhere but there.</summary>
    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused() =>
        (await AmoeCommand.RunAsync("simulate", "--journal", "/proc/year.amoe"))
            .IsRefusal(3, "/proc/year.amoe: its folder cannot be written");

    [Theory]
    [InlineData("a b.amoe")]
    [InlineData("it's \"quoted\".amoe")]
    [InlineData("سنة é 年.amoe")]
    [InlineData("100%41?x=1&y#z;.amoe")]
    public async Task A_journal_may_have_any_name(string name)
    {
        File.Copy(year.SmallJournal, _folder.File(name));

        var info = await AmoeCommand.RunAsync("journal", "info", $"--journal={_folder.File(name)}", "-o", "json");

        info.IsDone();
        Assert.Equal(_folder.File(name), info.Json.GetProperty("journal").GetString());
    }

    /// <summary>By a process whose working folder it is in: with its folder's it begins otherwise.</summary>
    [Fact]
    public async Task The_name_of_a_journal_may_begin_as_an_option_s()
    {
        const string name = "-o.amoe";
        File.Copy(year.SmallJournal, _folder.File(name));

        var info = await AmoeProcess.RunInAsync(_folder.Path, "journal", "info", $"--journal={name}", "-o", "json");

        info.IsDone();
        Assert.Equal(name, info.Json.GetProperty("journal").GetString());
    }

    [Fact]
    public async Task A_name_that_would_make_two_lines_of_a_message_makes_one()
    {
        (await AmoeCommand.RunAsync("verify", "--journal", "two\nlines.amoe"))
            .IsRefusal(3, "two?lines.amoe: there is no such file");
        (await AmoeCommand.RunAsync("simulate", "red\x1b[31m.yaml")).IsRefusal(2, "no scenario 'red?[31m.yaml'");
    }

    [Fact]
    public async Task A_flipped_byte_is_found_by_partition_and_sequence_number()
    {
        var copy = Copy();

        // In the row and not in the file: pages keep old bytes that no row uses.
        const string Row = "WHERE persistence_id = 'partition-3' AND sequence_number = 40";
        using (var database = SqliteDatabase.Open(copy, SqliteAccess.Write))
        {
            var row = database.Prepare($"SELECT message FROM journal {Row}");
            Assert.True(row.Step());
            var bytes = row.Bytes(0);
            row.Reset();
            bytes[bytes.Length / 2] ^= 0x10;
            database.Prepare($"UPDATE journal SET message = ? {Row}").Bind(1, bytes).Run();
        }

        (await AmoeCommand.RunAsync("verify", "--journal", copy)).IsRefusal(3, "sequence number");
    }

    [Fact]
    public async Task A_journal_of_the_former_store_is_refused_by_every_verb_with_the_version_that_reads_it()
    {
        var copy = Copy();
        var file = await File.ReadAllBytesAsync(copy);
        file.AsSpan(UserVersionAt, sizeof(int)).Clear();
        await File.WriteAllBytesAsync(copy, file);

        foreach (var verb in (string[])[
            "verify", "journal info", "journal show", "explain --student 16", "simulate --scale 0.001 --resume",
            "rules adopt --rules hypothetical-cnss", $"journal copy {_folder.File("c.amoe")}"
        ])
            (await AmoeCommand.RunAsync([.. verb.Split(' '), "--journal", copy]))
                .IsRefusal(
                    3,
                    "a journal of the former store, which this version does not read. The last version that does is amoe 0.1.0 at commit 2fe6498");
        (await AmoeCommand.RunAsync("rules", "diff", "amoe", copy)).IsRefusal(3, "a journal of the former store");
        Assert.Equal(file, await File.ReadAllBytesAsync(copy));
    }

    [Fact]
    public async Task A_pipe_is_refused_at_once()
    {
        var pipe = _folder.File("pipe.amoe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();

        foreach (var verb in (string[])[
            "verify", "journal info", "explain --student 16", "simulate --resume", "journal drop --yes",
            $"journal copy {_folder.File("c.amoe")}"
        ])
            (await AmoeCommand.RunAsync([.. verb.Split(' '), "--journal", pipe])).IsRefusal(3, "not a regular file");
    }

    [Fact]
    public async Task A_journal_cut_short_is_refused()
    {
        var copy = Copy();
        using (var file = File.OpenWrite(copy))
            file.SetLength(file.Length / 2);

        (await AmoeCommand.RunAsync("verify", "--journal", copy)).IsRefusal(3, "damaged");
    }

    private string Copy()
    {
        File.Copy(year.SmallJournal, _folder.File("copy.amoe"));
        return _folder.File("copy.amoe");
    }
}
