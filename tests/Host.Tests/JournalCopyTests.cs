using Amoe.Engine.Journal;

namespace Amoe.Host.Tests;

/// <summary>Copies of a journal, and its end.</summary>
public sealed class JournalCopyTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_is_the_journal()
    {
        var copied = await AmoeCommand.RunAsync(
            "journal", "copy", _folder.File("copy.amoe"), "--journal", year.SmallJournal, "-o", "json");

        copied.IsDone();
        Assert.Equal(
            new FileInfo(_folder.File("copy.amoe")).Length, copied.Json.GetProperty("journal_file_bytes").GetInt64());
        Assert.Equal(
            year.Small.Digest,
            (await AmoeCommand.RunAsync("verify", "--journal", _folder.File("copy.amoe"), "-o", "json")).Digest);
        Assert.Equal(["copy.amoe"], Files());
    }

    [Fact]
    public async Task A_copy_of_a_journal_that_is_being_written_can_be_resumed_to_the_end_of_an_undisturbed_year()
    {
        var (journal, copy) = (_folder.File("year.amoe"), _folder.File("copy.amoe"));
        Finished? copied = null;
        var ended = await year.DisturbedAsync(journal, perMille: 200, run =>
        {
            File.Delete(copy);

            // The year goes on until the copy is made, or is over before: then it is begun again.
            copied = AmoeCommand.RunAsync("journal", "copy", copy, "--journal", journal).GetAwaiter().GetResult();
            run.Kill();
        });

        Assert.NotEqual(0, ended.ExitCode);
        copied!.IsDone();
        var resumed = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", YearFixture.MediumScale, "--journal", copy, "--resume", "-o",
            "json");
        Assert.Equal((0, year.Medium.Digest), (resumed.ExitCode, resumed.Digest));
        Assert.True(resumed.Json.GetProperty("resumed").GetBoolean());
        Assert.False(year.Medium.Json.GetProperty("resumed").GetBoolean());
    }

    [Fact]
    public async Task An_existing_target_is_refused_and_left_alone()
    {
        var target = _folder.Write("copy.amoe", "mine");

        (await AmoeCommand.RunAsync("journal", "copy", target, "--journal", year.SmallJournal))
            .IsRefusal(3, "the file exists already, and nothing was copied");

        Assert.Equal("mine", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task A_damaged_journal_is_not_copied()
    {
        var journal = _folder.File("year.amoe");
        var bytes = await File.ReadAllBytesAsync(year.SmallJournal);
        bytes.AsSpan(bytes.Length / 2 / 16_384 * 16_384, 16_384).Clear();
        await File.WriteAllBytesAsync(journal, bytes);

        (await AmoeCommand.RunAsync("journal", "copy", _folder.File("copy.amoe"), "--journal", journal))
            .IsRefusal(3, "damaged");

        Assert.Equal(["year.amoe"], Files());
    }

    [Fact]
    public async Task A_journal_is_removed_with_what_is_beside_it_once_that_was_confirmed()
    {
        var journal = _folder.File("year.amoe");
        File.Copy(year.SmallJournal, journal);
        _folder.Write("year.amoe-snapshots", "its snapshots");

        (await AmoeProcess.RunAsync("journal", "drop", "--journal", journal))
            .IsRefusal(1, "the question needs a terminal, and nothing was removed. Add --yes");
        Assert.True(File.Exists(journal));
        var dropped = await AmoeCommand.RunAsync("journal", "drop", "--journal", journal, "--yes");
        Assert.Equal((0, $"{journal}: removed\n", ""), (dropped.ExitCode, dropped.Output, dropped.Error));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_journal_in_use_and_what_is_none_are_not_removed()
    {
        var (journal, text) = (_folder.File("year.amoe"), _folder.Write("notes.txt", "mine"));
        File.Copy(year.SmallJournal, journal);
        using (SqliteJournal.Open(journal))
            (await AmoeProcess.RunAsync("journal", "drop", "--journal", journal, "--yes"))
                .IsRefusal(3, "in use by another process");

        (await AmoeCommand.RunAsync("journal", "drop", "--journal", text, "--yes")).IsRefusal(3, "it is not a journal");
        (await AmoeCommand.RunAsync("journal", "drop", "--journal", _folder.File("none.amoe"), "--yes"))
            .IsRefusal(3, "there is no such file");
        Assert.Equal(["notes.txt", "year.amoe"], Files());
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file)).Order()];
}
