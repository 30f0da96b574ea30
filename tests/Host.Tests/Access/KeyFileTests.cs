using System.Runtime.Versioning;
using System.Text;
using Amoe.Engine.Tests;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>The file that keeps the keys.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private const string Sha = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Good =
        $$"""{"id":"0000000a","sha256":"{{Sha}}","name":"ENSA Fès","role":"institution","party":64,"created":"2026-09-01T08:00:00Z"}""";

    private readonly TestFolder _folder = new();

    private string Path => _folder.File("keys.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_is_read_again()
    {
        StoredKey[] keys =
        [
            TestKeys.New(Role.Institution).Key with { Name = "جامعة فاس \"ENSA\"" },
            TestKeys.New(Role.Student, new DateOnly(2027, 7, 31)).Key,
            TestKeys.New(Role.Fund).Key with { Revoked = TestKeys.Created.AddDays(1) },
        ];
        await TestKeys.WriteAsync(Path, keys);

        var read = new KeyFile(Path).Read();

        Assert.Equal(keys.Select(Fields), read.Select(Fields));
        Assert.Equal(3, File.ReadAllLines(Path).Length);

        static object Fields(StoredKey key) =>
            (key with { Hash = [] }, Convert.ToHexString(key.Hash)) is var (rest, hash)
                ? (rest.Id, rest.Name, rest.Role, rest.Party, rest.Student, rest.Created, rest.Expires, rest.Revoked,
                    hash)
                : new();
    }

    [Fact]
    public async Task It_has_no_key_that_could_be_used()
    {
        var (key, text) = TestKeys.New(Role.Fund);
        await TestKeys.WriteAsync(Path, key);

        Assert.DoesNotContain(
            text[^ApiKey.SecretLength..], await File.ReadAllTextAsync(Path), StringComparison.Ordinal);
        Assert.DoesNotContain("last", await File.ReadAllTextAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_owner_may_read_and_write_it()
    {
        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{Path}.lock"));
    }

    [Fact]
    public async Task One_that_others_may_write_is_refused()
    {
        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);

        Refused($"{Path}: others than its owner may write it, and give themselves any role. Run: chmod 600 {Path}");
    }

    [Theory]
    [InlineData("hello", "not a JSON object (character 1)")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"id\":\"0000000a\"", "not a JSON object")]
    [InlineData(Good + "{}", "not a JSON object")]
    [InlineData("{\"name\":\"\\ud800\"}", "not a JSON object")]
    [InlineData("{\"name\":{\"a\":{\"b\":1}}}", "'name' is not a text")]
    [InlineData("{\"id\":\"0000000A\"}", "'id' is not 8 hex digits in lower case")]
    [InlineData("{\"id\":\"0000000a\",\"id\":\"0000000a\"}", "'id' is given twice")]
    [InlineData("{\"sha256\":\"00\"}", "'sha256' is not 64 hex digits")]
    [InlineData(
        "{\"role\":\"boss\"}",
        "'role' is not one of institution, desk, provider, medical_control, fund, anam, auditor, student, monitor")]
    [InlineData("{\"party\":\"64\"}", "'party' is not a whole number from 1")]
    [InlineData("{\"party\":2147483648}", "'party' is not a whole number from 1")]
    [InlineData("{\"student\":-1}", "'student' is not a whole number from 0")]
    [InlineData("{\"created\":\"yesterday\"}", "'created' is not a time in UTC, as 2026-09-01T08:00:00Z")]
    [InlineData("{\"expires\":\"2026-02-30\"}", "'expires' is not a date that exists")]
    [InlineData("{\"expiry\":\"2026-02-28\"}", "'expiry' is unknown; known: id, sha256, name")]
    [InlineData("{\"id\":\"0000000b\"}", "'sha256' is missing")]
    [InlineData(Good, "the id 0000000a is on line 1 too")]
    public void A_line_that_is_no_key_is_named_with_its_field(string line, string says)
    {
        _folder.Write("keys.json", $"{Good}\n\n{line}\n");

        Refused($"{Path}, line 3: ", says);
    }

    [Theory]
    [InlineData("\"role\":\"institution\"", "the role institution needs a party")]
    [InlineData("\"role\":\"fund\",\"party\":1", "the role fund has no party")]
    [InlineData("\"role\":\"desk\",\"party\":0", "a party's number is from 1, not 0")]
    [InlineData("\"role\":\"student\"", "the role student needs a student")]
    [InlineData("\"role\":\"fund\",\"student\":1", "the role fund has no student")]
    public void A_role_that_does_not_go_with_its_number_is_refused(string role, string says)
    {
        _folder.Write(
            "keys.json",
            $$"""{"id":"0000000a","sha256":"{{Sha}}","name":"x",{{role}},"created":"2026-09-01T08:00:00Z"}""");

        Refused($"{Path}, line 1: ", says);
    }

    [Theory]
    [InlineData("", "the name is empty")]
    [InlineData("a\\u0007b", "the name has control characters")]
    [InlineData(
        "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "the name is longer than 100 characters")]
    public void A_name_that_is_none_is_refused(string name, string says)
    {
        _folder.Write(
            "keys.json",
            $$"""{"id":"0000000a","sha256":"{{Sha}}","name":"{{name}}","role":"fund","created":"2026-09-01T08:00:00Z"}""");

        Refused($"{Path}, line 1: ", says);
    }

    [Fact]
    public void One_that_is_not_there_says_how_to_make_it() =>
        Refused($"{Path}: there is no such file. Make the first key: amoe keys create --role fund --keys {Path}");

    [Fact]
    public void A_folder_an_empty_file_and_one_that_is_too_long_are_refused()
    {
        Assert.Contains(
            "it is a folder", Assert.Throws<InputException>(() => new KeyFile(_folder.Path).Read()).Message,
            StringComparison.Ordinal);
        _folder.Write("keys.json", "");
        Refused("it is empty, or not a regular file");
        using (var file = File.OpenWrite(Path))
            file.SetLength(KeyFile.BytesMax + 1);
        Refused("it is longer than 16 MiB");
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_refused()
    {
        File.CreateSymbolicLink(Path, Path);

        Refused($"{Path}: the keys cannot be read");
    }

    [Fact]
    public async Task A_link_stays_a_link_and_what_it_leads_to_is_replaced()
    {
        var (first, second) = (TestKeys.New(Role.Fund).Key, TestKeys.New(Role.Auditor).Key);
        var target = _folder.File("real.json");
        await TestKeys.WriteAsync(target, first);
        File.CreateSymbolicLink(Path, target);

        await new KeyFile(Path).ChangeAsync(kept => [.. kept, second], TimeProvider.System);

        Assert.NotNull(File.ResolveLinkTarget(Path, returnFinalTarget: false));
        Assert.Equal([first.Id, second.Id], new KeyFile(target).Read().Select(key => key.Id));
    }

    [Fact]
    public async Task A_reader_finds_the_old_file_or_the_new_one_while_it_is_replaced()
    {
        StoredKey[] keys = [.. Enumerable.Range(0, 200).Select(_ => TestKeys.New(Role.Fund).Key)];
        await TestKeys.WriteAsync(Path, keys);
        var file = new KeyFile(Path);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
                await file.ChangeAsync(kept => [.. kept.Reverse()], TimeProvider.System);
        });
        var reads = 0;
        do
        {
            Assert.Equal(keys.Length, file.Read().Count);
            reads++;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.True(reads > 1);
    }

    [Fact]
    public async Task Of_many_writers_at_once_none_loses_what_another_wrote()
    {
        StoredKey[] keys = [.. Enumerable.Range(0, 16).Select(_ => TestKeys.New(Role.Fund).Key)];

        await Task.WhenAll(
            keys.Select(key =>
                Task.Run(() => new KeyFile(Path).ChangeAsync(kept => [.. kept, key], TimeProvider.System))));

        Assert.Equal(keys.Select(key => key.Id).Order(), new KeyFile(Path).Read().Select(key => key.Id).Order());
    }

    [Fact]
    public async Task A_change_that_fails_leaves_the_file_as_it_was()
    {
        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key);
        var before = await File.ReadAllTextAsync(Path);

        await Assert.ThrowsAsync<UsageException>(() =>
            new KeyFile(Path).ChangeAsync(_ => throw new UsageException("no"), TimeProvider.System));

        Assert.Equal(before, await File.ReadAllTextAsync(Path));
        Assert.Equal(
            ["keys.json", "keys.json.lock"],
            Directory.GetFiles(_folder.Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_in_no_ones_way()
    {
        _folder.Write("keys.json.new", "half a li");

        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key);

        Assert.Single(new KeyFile(Path).Read());
        Assert.False(File.Exists($"{Path}.new"));
    }

    [Fact]
    public async Task A_writer_that_does_not_end_is_waited_for_ten_seconds()
    {
        using var other = new FileStream($"{Path}.lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var time = new VirtualTime();
        var change = new KeyFile(Path).ChangeAsync(kept => kept, time);
        while (!change.IsCompleted)
            time.RunNext();

        var refused = await Assert.ThrowsAsync<InputException>(() => change);
        Assert.Equal(
            $"{Path}: another process has been writing the keys for 10 s. See which has {Path}.lock open.",
            refused.Message);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var path = _folder.File("nowhere/keys.json");

        var refused = await Assert.ThrowsAsync<InputException>(() =>
            TestKeys.WriteAsync(path, TestKeys.New(Role.Fund).Key));
        Assert.Contains($"{path}: the keys cannot be written (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_lines_of_windows_are_read() =>
        Assert.Single(
            new KeyFile(
                _folder.WriteBytes("keys.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good + "\r\n")]))
                    .Read());

    private void Refused(params string[] says)
    {
        var message = Assert.Throws<InputException>(() => new KeyFile(Path).Read()).Message;
        Assert.All(says, text => Assert.Contains(text, message, StringComparison.Ordinal));
    }
}
