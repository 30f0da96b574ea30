using Amoe.Host.Reports.Html;

namespace Amoe.Host.Tests.Reports.Html;

/// <summary>Where a report may be written, and that nothing else is touched.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_file_is_refused_before_the_year_begins()
    {
        var (mine, journal) = (_folder.Write("mine.html", "<!DOCTYPE html><p>my cat"), _folder.File("year.amoe"));
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--report", mine, "--journal", journal))
            .IsRefusal(2, $"{mine}: it exists and is no report, and nothing was touched. Name another file.");
        Assert.Equal("<!DOCTYPE html><p>my cat", await File.ReadAllTextAsync(mine));
        Assert.Equal([mine], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Folders_links_and_empty_files_are_no_reports()
    {
        var link = _folder.File("link.html");
        File.CreateSymbolicLink(link, _folder.Write("report.html", HtmlReport.FirstLine + "\n"));
        foreach (var path in (string[])[_folder.Path, link, _folder.Write("empty.html", "")])
        {
            (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--report", path))
                .IsRefusal(2, $"{path}: it exists and is no report");
        }
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_refused_before_the_year_begins()
    {
        var (page, journal) = (_folder.File("nowhere/year.html"), _folder.File("year.amoe"));
        (await AmoeCommand.RunAsync("simulate", "--scale", "0.001", "--report", page, "--journal", journal))
            .IsRefusal(2, $"{page}: the report cannot be written there: ");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_run_that_does_not_begin_leaves_nothing_behind()
    {
        (await AmoeCommand.RunAsync(
            "simulate", "--scale", "0.001", "--report", _folder.File("year.html"), "--journal",
            _folder.File("nowhere/year.amoe"))).IsRefusal(3, "year.amoe");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_earlier_report_is_there_until_the_new_one_is_whole()
    {
        var page = _folder.Write("year.html", HtmlReport.FirstLine + " of last year");
        using (var report = ReportFile.Create(page))
        {
            report.Write(writer =>
            {
                writer.Write("half");
                Assert.EndsWith("of last year", File.ReadAllText(page), StringComparison.Ordinal);
            });
        }

        Assert.Equal("half", File.ReadAllText(page));
        Assert.Equal([page], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Two_runs_do_not_write_the_same_report()
    {
        var page = _folder.File("year.html");
        using var report = ReportFile.Create(page);
        Assert.StartsWith(
            $"{page}: the report cannot be written there: ",
            Assert.Throws<InputException>(() => ReportFile.Create(page)).Message, StringComparison.Ordinal);
    }

    /// <summary>It was emptied: only the name of the report itself was looked at.</summary>
    [Fact]
    public void Another_file_where_the_draft_would_be_is_left_as_it_is()
    {
        var page = _folder.File("year.html");
        var mine = _folder.Write("year.html.new", "my cat");
        Assert.StartsWith(
            $"{mine}: the report is written there first; it exists and is no report",
            Assert.Throws<InputException>(() => ReportFile.Create(page)).Message, StringComparison.Ordinal);
        Assert.Equal("my cat", File.ReadAllText(mine));
    }

    [Theory]
    [InlineData("")]
    [InlineData(HtmlReport.FirstLine + " of a process that was killed")]
    public void A_draft_that_was_left_is_written_again(string left)
    {
        var page = _folder.File("year.html");
        _folder.Write("year.html.new", left);
        using (var report = ReportFile.Create(page))
            report.Write(writer => writer.Write("whole"));
        Assert.Equal("whole", File.ReadAllText(page));
    }

    /// <summary>A page that failed took the text with it, after a year that may have lasted minutes.</summary>
    [Fact]
    public async Task A_page_that_fails_at_the_end_leaves_the_text()
    {
        var draft = _folder.File("year.html.new");
        using var run = AmoeProcess.Start(
            ["simulate", "--scale", "0.01", "--report", _folder.File("year.html"), "-o", "json"]);
        while (!File.Exists(draft))
        {
            Assert.False(run.HasExited, $"it ended before: {run.Said}");
            await Task.Delay(1);
        }

        File.Delete(draft);
        var ended = await run.FinishAsync();
        Assert.Equal(74, ended.ExitCode);
        Assert.Contains("year.html: ", ended.Error, StringComparison.Ordinal);
        Assert.True(ended.Json.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void A_failure_at_the_end_is_said_with_the_file_s_name()
    {
        var page = _folder.File("year.html");
        using var report = ReportFile.Create(page);
        File.Delete($"{page}.new");
        var failure = Assert.Throws<IOException>(() => report.Write(writer => writer.Write("whole")));
        Assert.StartsWith($"{page}: ", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(page));
    }
}
