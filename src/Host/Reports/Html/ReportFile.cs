using System.Text;
using Amoe.Engine.Text;

namespace Amoe.Host.Reports.Html;

/// <summary>
/// The file of a report. It is made before the year begins, so that a place that cannot be written is refused then,
/// beside its name, and gets the name once it is whole. It replaces an earlier report and no other file.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private readonly FileStream _draft;

    private ReportFile(string path, FileStream draft) => (Path, _draft) = (path, draft);

    public string Path { get; }

    /// <exception cref="InputException">Something else is there, or nothing can be written there.</exception>
    public static ReportFile Create(string path)
    {
        try
        {
            if (System.IO.Path.Exists(path) && !IsReport(path))
                throw new InputException(
                    $"{path}: it exists and is no report, and nothing was touched. Name another file.");
            return new ReportFile(path, OpenDraft($"{path}.new"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the report cannot be written there: {e.Message}");
        }
    }

    /// <summary>Writes the report whole, and gives it its name.</summary>
    /// <exception cref="IOException">The disk takes no more, or the place is gone.</exception>
    public void Write(Action<TextWriter> report)
    {
        try
        {
            using (var writer = new StreamWriter(_draft, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                writer.NewLine = "\n";
                report(writer);
            }

            File.Move(_draft.Name, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Path}: {e.Message}", e);
        }
    }

    /// <summary>Removes the draft of a report that was not written.</summary>
    public void Dispose()
    {
        _draft.Dispose();
        File.Delete(_draft.Name);
    }

    /// <summary>
    /// What a process that was killed left, nothing or the beginning of a report, is written again; another that is
    /// writing it has it locked.
    /// </summary>
    private static FileStream OpenDraft(string path)
    {
        if (new FileInfo(path).LinkTarget is null)
        {
            var draft = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (draft.CanSeek && (draft.Length == 0 || BeginsAsReport(draft)))
            {
                draft.SetLength(0);
                return draft;
            }

            draft.Dispose();
        }

        throw new InputException(
            $"{path}: the report is written there first; it exists and is no report, and nothing was touched. Name another file.");
    }

    /// <summary>A link is none: its target would not be what is replaced.</summary>
    private static bool IsReport(string path)
    {
        if (RegularFile.Problem(path) is not null || new FileInfo(path).LinkTarget is not null)
            return false;
        using var file = File.OpenRead(path);
        return BeginsAsReport(file);
    }

    private static bool BeginsAsReport(FileStream file)
    {
        var first = new byte[Encoding.UTF8.GetByteCount(HtmlReport.FirstLine)];
        return file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length
            && Encoding.UTF8.GetString(first) == HtmlReport.FirstLine;
    }
}
