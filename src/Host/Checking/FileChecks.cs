using Amoe.Engine.Journal;
using Amoe.Host.Live;
using Amoe.Host.Reports;

namespace Amoe.Host.Checking;

/// <summary>The checks of a host on a journal in a file.</summary>
internal static class FileChecks
{
    /// <param name="isConfigured">False where the settings cannot be read.</param>
    public static void Run(CheckList checks, LiveRequest request, bool isConfigured, TimeProvider time)
    {
        HostChecks.Http(checks, request.Http, isConfigured ? request.Api : null);
        HostChecks.Api(checks, request.Api, isConfigured, time);
        HostChecks.Vault(checks, request.Vault, isOfCluster: false);
        checks.Run("folder", () =>
        {
            SqliteJournal.RequireWritable(request.Journal);
            return Finding.Ok($"{request.Journal}: it can be written, and no other process does");
        });
        var last = checks.Run<JournalBook>("journal", () => Journal(request));
        if (!request.Api.IsClockOfStreams)
            checks.Run("clock", () => HostChecks.Clock(last?.LastDay ?? default, request.Api.CatchesUp, time));
        checks.Run("disk", () =>
            HostChecks.Disk(Path.GetDirectoryName(Path.GetFullPath(request.Journal))!, "the journal"));
    }

    private static (JournalBook?, Finding) Journal(LiveRequest request)
    {
        if (!File.Exists(request.Journal))
            return (null, Finding.Ok($"{request.Journal}: there is none, and an empty one is begun"));
        using var journal = SqliteJournal.OpenReadOnly(request.Journal);
        ApiJournal.RequireProduction(journal.Identity, request.Journal, ApiJournal.OrAnother);
        var book = journal.ReadBook();
        return (book, Finding.Ok(
            $"{request.Journal}: it can be read; {Format.Bytes(journal.Measure().FileBytes)}, {HostChecks.LastDay(book)}"));
    }
}
