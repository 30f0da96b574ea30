using Amoe.Host.Http;

namespace Amoe.Host.Tests.Http;

public sealed class PeersSecretTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void White_space_around_a_secret_is_none_of_it()
    {
        var (bare, edited) = (Load(new string('s', 32)), Load($"\n{new string('s', 32)}\r\n"));

        Assert.Equal(bare.Prove("text"u8), edited.Prove("text"u8));
        Assert.True(bare.IsProof(edited.Prove("text"u8), "text"u8));
        Assert.False(bare.IsProof(edited.Prove("text"u8), "tex"u8));
    }

    [Fact]
    public void A_secret_that_is_too_short_too_long_or_not_there_is_refused_and_not_told()
    {
        var shortOne = Assert.Throws<InputException>(() => Load("hushhush " + new string(' ', 60)));
        Assert.EndsWith("at least 32 bytes, this one has 8. Make one: openssl rand -hex 32", shortOne.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", shortOne.Message, StringComparison.Ordinal);
        Assert.Contains("at most 4096 bytes", Assert.Throws<InputException>(() => Load(new string('s', 4097))).Message, StringComparison.Ordinal);
        Assert.Contains("none: the peers secret cannot be read", Assert.Throws<InputException>(() => PeersSecret.Load(_folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("the peers secret cannot be read", Assert.Throws<InputException>(() => PeersSecret.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite)]
    public void A_secret_that_everybody_may_read_or_write_is_refused(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.Write("secret", new string('s', 32));
        File.SetUnixFileMode(path, mode);

        Assert.Contains($"chmod o-rwx {path}", Assert.Throws<InputException>(() => PeersSecret.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_was_made_is_another_each_time_and_for_this_user_only()
    {
        PeersSecret.Make(_folder.File("one"));
        PeersSecret.Make(_folder.File("two"));

        Assert.NotEqual(PeersSecret.Load(_folder.File("one")).Prove([]), PeersSecret.Load(_folder.File("two")).Prove([]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("one")));
    }

    private PeersSecret Load(string content) => LinkWorld.Secret(_folder, content);
}
