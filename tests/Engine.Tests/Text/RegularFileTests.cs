using System.Diagnostics;
using System.Net.Sockets;
using Amoe.Engine.Text;

namespace Amoe.Engine.Tests.Text;

/// <summary>A pipe would make its reader wait for a writer, and a device may have no end: neither is opened.</summary>
public sealed class RegularFileTests : IDisposable
{
    private const string NotRegular = "it is empty, or not a regular file";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-tests-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "file");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_regular_file_is_read_through_a_link_too()
    {
        File.WriteAllText(Path, "horizon: é");
        File.CreateSymbolicLink(Path + "-link", "file");

        Assert.Null(RegularFile.Problem(Path));
        Assert.Equal("horizon: é", RegularFile.ReadText(Path));
        Assert.Equal("horizon: é", RegularFile.ReadText(Path + "-link"));
    }

    [Fact]
    public void A_file_that_is_not_there_has_no_problem_and_cannot_be_read()
    {
        Assert.Null(RegularFile.Problem(Path));
        Assert.Throws<FileNotFoundException>(() => RegularFile.ReadText(Path));
    }

    [Fact]
    public void A_pipe_is_refused_through_a_link_too()
    {
        using (var mkfifo = Process.Start("mkfifo", [Path]))
            mkfifo.WaitForExit();
        File.CreateSymbolicLink(Path + "-link", "file");

        Refuses(Path, NotRegular);
        Refuses(Path + "-link", NotRegular);
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path));

        Refuses(Path, NotRegular);
    }

    [Fact]
    public void A_device_is_refused() => Refuses("/dev/zero", NotRegular);

    [Fact]
    public void An_empty_file_is_refused()
    {
        File.WriteAllText(Path, "");

        Refuses(Path, NotRegular);
    }

    [Fact]
    public void A_folder_is_called_one() => Refuses(_folder.FullName, "it is a folder");

    [Fact]
    public void A_link_that_leads_nowhere_or_to_itself_is_refused()
    {
        File.CreateSymbolicLink(Path, "other");
        Refuses(Path, NotRegular);

        File.CreateSymbolicLink(System.IO.Path.Combine(_folder.FullName, "other"), "file");
        Refuses(Path, NotRegular);
    }

    [Fact]
    public void A_file_too_long_for_any_reader_is_refused_before_it_is_read()
    {
        using (var file = File.Create(Path))
            file.SetLength(1L << 40);

        Assert.Equal("it is longer than 64 MiB", Assert.Throws<IOException>(() => RegularFile.ReadText(Path)).Message);
    }

    private static void Refuses(string path, string problem)
    {
        Assert.Equal(problem, RegularFile.Problem(path));
        Assert.Equal(problem, Assert.Throws<IOException>(() => RegularFile.ReadText(path)).Message);
    }
}
