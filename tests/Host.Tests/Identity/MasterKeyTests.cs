using System.Runtime.Versioning;
using System.Security.Cryptography;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class MasterKeyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_key_is_in_a_file_that_its_owner_alone_can_use_and_is_read_again()
    {
        using var made = MasterKey.Create(_folder.File("master.key"));
        using var read = MasterKey.Read(_folder.File("master.key"));
        using var other = MasterKey.Create(_folder.File("other.key"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("master.key")));
        Assert.Equal(made.Id, read.Id);
        Assert.NotEqual(made.Id, other.Id);
        Assert.True(read.TryUnwrap(made.Wrap([1, 2, 3]), out var plain));
        Assert.Equal([1, 2, 3], plain);
    }

    [Fact]
    public void An_existing_file_is_not_overwritten()
    {
        var path = _folder.Write("master.key", "mine");

        Assert.Contains(
            "exists already", Assert.Throws<InputException>(() => MasterKey.Create(path)).Message,
            StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public void A_key_that_others_can_use_is_refused(UnixFileMode others)
    {
        var path = _folder.File("master.key");
        MasterKey.Create(path).Dispose();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        Assert.Contains(
            "chmod 600", Assert.Throws<InputException>(() => MasterKey.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Base64_and_hexadecimal_digits_are_the_same_key()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var base64 = MasterKey.Read(Private("one", Convert.ToBase64String(key) + "\n"));
        using var hex = MasterKey.Read(Private("two", "  " + Convert.ToHexString(key) + "\r\n"));

        Assert.Equal(base64.Id, hex.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret-of-somebody")]
    [InlineData("c2VjcmV0")]
    [InlineData("zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    public void What_is_no_key_is_refused_and_not_repeated(string text)
    {
        var refused = Assert.Throws<InputException>(() => MasterKey.Read(Private("bad", text)));

        Assert.Contains("32 bytes in base64 or hexadecimal", refused.Message, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !refused.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_file_and_a_missing_one_are_refused()
    {
        Assert.Throws<InputException>(() => MasterKey.Read(Private("long", new string('A', 100_000))));
        Assert.Contains(
            "cannot be read", Assert.Throws<InputException>(() => MasterKey.Read(_folder.File("none"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_may_be_in_the_environment()
    {
        const string Variable = "AMOE_TEST_MASTER_KEY";
        Assert.Null(MasterKey.FromEnvironment(Variable));
        Environment.SetEnvironmentVariable(Variable, Convert.ToBase64String(new byte[31]));
        Assert.Contains(
            Variable, Assert.Throws<InputException>(() => MasterKey.FromEnvironment(Variable)).Message,
            StringComparison.Ordinal);
        var bytes = RandomNumberGenerator.GetBytes(32);
        Environment.SetEnvironmentVariable(Variable, Convert.ToHexString(bytes));
        using var key = MasterKey.FromEnvironment(Variable);
        Environment.SetEnvironmentVariable(Variable, null);

        using var file = MasterKey.Read(Private("same", Convert.ToBase64String(bytes)));
        Assert.Equal(file.Id, key!.Id);
    }

    private string Private(string name, string text)
    {
        var path = _folder.Write(name, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
