using Amoe.Engine.Actors;
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
        var path = request.Journal.Path;
        HostChecks.Http(checks, request.Http, isConfigured ? request.Api : null);
        HostChecks.Api(checks, request.Api, isConfigured, time);
        HostChecks.Vault(checks, request.Vault, isOfCluster: false);
        checks.Run("folder", () =>
        {
            SqliteJournal.RequireWritable(path);
            return Finding.Ok($"{path}: it can be written, and no other process does");
        });
        var last = checks.Run<JournalBook>("journal", () => Journal(path, request.Api));
        if (request.Api.OpensDays)
            checks.Run("clock", () => HostChecks.Clock(last?.LastDay ?? default, request.Api.CatchesUp, time));
        checks.Run("disk", () =>
            HostChecks.Disk(Path.GetDirectoryName(Path.GetFullPath(path))!, "the journal"));
    }

    private static (JournalBook?, Finding) Journal(string path, ApiRequest api)
    {
        if (!File.Exists(path))
            return (null, Finding.Ok($"{path}: there is none, and an empty one is begun"));
        using var journal = SqliteJournal.OpenReadOnly(path);
        ApiJournal.RequireProduction(journal.Identity, path, ApiJournal.OrAnother);
        var book = journal.ReadBook();
        JournalOpening.Require(book, path, api.IsOpening);
        return (book, Finding.Ok(
            $"{path}: it can be read; {Format.Bytes(journal.Measure().FileBytes)}, {HostChecks.LastDay(book)}"));
    }
}
