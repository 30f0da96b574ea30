using System.Diagnostics;
using Amoe.Engine.Journal;

namespace Amoe.Bench.Ladder;

/// <summary>
/// The references: the recording's bytes, and nothing known about them, made durable as well as the store or the disk
/// can.
/// </summary>
internal static class Bare
{
    private const int KB = 1024;
    private const int MB = 1024 * KB;

    private static readonly int[] RowsBytes = [4 * KB, 16 * KB, 64 * KB, 256 * KB];
    private static readonly int[] TransactionsBytes = [1 * MB, 4 * MB, 16 * MB];
    private static readonly int[] PagesBytes = [4 * KB, 16 * KB];

    /// <summary>The payloads of a recording, end to end.</summary>
    public static byte[] BytesOf(Recording recording)
    {
        var bytes = new byte[recording.Bytes];
        var at = 0;
        foreach (var segment in recording.Transactions.SelectMany(transaction => transaction))
        {
            segment.Payload.Span.CopyTo(bytes.AsSpan(at));
            at += segment.Payload.Length;
        }

        return bytes;
    }

    /// <summary>Tries every layout once and returns the fastest.</summary>
    public static BareLayout FindBest(byte[] bytes, string path)
    {
        var layouts = from page in PagesBytes
                      from row in RowsBytes
                      from transaction in TransactionsBytes
                      select new BareLayout(page, row, transaction);
        return layouts.MinBy(layout => Append(bytes, layout, path).WallSeconds)!;
    }

    /// <summary>
    /// A table of blobs in the order of appending, with no key but SQLite's own; the settings are the journal's.
    /// </summary>
    public static Taken Append(byte[] bytes, BareLayout layout, string path)
    {
        using var files = new ScratchFiles(path);
        using var database = SqliteDatabase.Open(path, SqliteAccess.Create);
        database.Execute(
            $"PRAGMA page_size = {layout.PageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        database.Execute(
            $"PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = {16 * MB / layout.PageBytes}; CREATE TABLE log (payload BLOB NOT NULL)");
        var insert = database.Prepare("INSERT INTO log VALUES (?)");
        var clock = Clock.Start();
        for (var at = 0; at < bytes.Length;)
        {
            database.Execute("BEGIN IMMEDIATE");
            for (var until = Math.Min(bytes.Length, at + layout.TransactionBytes); at < until;)
            {
                var row = Math.Min(layout.RowBytes, until - at);
                insert.Bind(1, bytes.AsSpan(at, row)).Run();
                at += row;
            }

            database.Execute("COMMIT");
        }

        return clock.Stop();
    }

    /// <summary>A plain file, written and synced once per transaction of the recording.</summary>
    public static Taken AppendToFile(byte[] bytes, Recording recording, string path)
    {
        using var files = new ScratchFiles(path);
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var clock = Clock.Start();
        var at = 0;
        foreach (var transaction in recording.Transactions)
        {
            var length = transaction.Sum(segment => segment.Payload.Length);
            RandomAccess.Write(file, bytes.AsSpan(at, length), at);
            RandomAccess.FlushToDisk(file);
            at += length;
        }

        return clock.Stop();
    }

    /// <summary>
    /// How long a write of one page takes to be durable, in milliseconds: half of them less, one in a hundred more.
    /// </summary>
    public static (double P50, double P99) SyncMs(string path)
    {
        const int Syncs = 300;
        using var files = new ScratchFiles(path);
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var page = new byte[4 * KB];
        var taken = new double[Syncs];
        for (var i = 0; i < Syncs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, page, (long)i * page.Length);
            RandomAccess.FlushToDisk(file);
            taken[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(taken);
        return (taken[Syncs / 2], taken[Syncs * 99 / 100]);
    }
}

/// <summary>How the bare append is cut.</summary>
internal sealed record BareLayout(int PageBytes, int RowBytes, int TransactionBytes)
{
    public override string ToString() =>
        $"rows of {RowBytes >> 10} KB, transactions of {TransactionBytes >> 20} MB, pages of {PageBytes >> 10} KB";
}

/// <summary>A file that is fresh at the beginning and gone at the end, with all that a store puts beside it.</summary>
internal sealed class ScratchFiles : IDisposable
{
    private static readonly string[] Endings = [
        "", "-wal", "-shm", "-journal", "-lock", "-snapshots", "-snapshots-wal", "-snapshots-shm"
    ];
    private readonly string _path;

    public ScratchFiles(string path)
    {
        _path = path;
        Dispose();
    }

    public void Dispose()
    {
        foreach (var ending in Endings)
            File.Delete(_path + ending);
    }
}
