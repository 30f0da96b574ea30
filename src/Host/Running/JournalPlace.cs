using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Host.Running;

/// <summary>
/// Where a simulation's journal is: the one asked for, or a temporary one that goes with the run, in a file or, for
/// hosts, on a server.
/// </summary>
internal sealed class JournalPlace : IDisposable
{
    private const int DeletionsMax = 100;
    private readonly DirectoryInfo? _folder;
    private readonly TemporaryServer? _server;

    private JournalPlace(JournalAddress address, DirectoryInfo? folder, TemporaryServer? server = null) =>
        (Address, _folder, _server) = (address, folder, server);

    public JournalAddress Address { get; }

    public bool IsTemporary => _folder is not null || _server is not null;

    /// <exception cref="JournalException">There is no place for a temporary journal.</exception>
    public static JournalPlace Of(JournalAddress? address)
    {
        if (address is not null)
            return new JournalPlace(address, null);
        try
        {
            var folder = Directory.CreateTempSubdirectory("amoe-");
            var place = new JournalPlace(JournalAddress.Parse(Path.Combine(folder.FullName, "journal.amoe")), folder);

            // A second Ctrl-C and a fault of the engine end the process where it is.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Dispose();
            return place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"{Path.GetTempPath()}: the temporary folder cannot be written. Set TMPDIR to another, or name a file with --journal.",
                e);
        }
    }

    /// <summary>For hosts, which share a database: a private PostgreSQL server where none is named.</summary>
    /// <exception cref="JournalException">No server is installed, or it does not start.</exception>
    public static JournalPlace OfHosts(JournalAddress? address)
    {
        if (address is not null)
            return new JournalPlace(address, null);
        var server = TemporaryServer.Start();
        return new JournalPlace(JournalAddress.Parse(server.CreateDatabase("amoe")), null, server);
    }

    /// <summary>Deletes a temporary journal; leaves one that was asked for.</summary>
    public void Dispose()
    {
        _server?.Dispose();

        // Where the process ends at once, threads of the engine may still make files: then there is something left to
        // delete.
        for (var tries = DeletionsMax; tries > 0 && _folder is not null && Directory.Exists(_folder.FullName); tries--)
        {
            try
            {
                Directory.Delete(_folder.FullName, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Left in the temporary folder, which the system clears, if no other try removes it.
                Thread.Yield();
            }
        }
    }
}
