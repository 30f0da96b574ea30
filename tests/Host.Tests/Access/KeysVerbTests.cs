using System.Text.RegularExpressions;
using Amoe.Engine.Tests;
using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>The verb <c>keys</c>.</summary>
public sealed class KeysVerbTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Path => _folder.File("keys.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_that_is_created_authenticates_its_holder_until_it_is_revoked()
    {
        var created = await AmoeCommand.RunAsync(
            "keys", "create", "--role", "institution", "--party", "64", "--name", "ENSA Fès", "--expires", "2099-07-31",
            "--keys", Path, "-o", "json");
        created.IsDone();
        var (key, id) = (created.Json.GetProperty("key").GetString()!, created.Json.GetProperty("id").GetString()!);

        Assert.Equal(new Caller(id, "ENSA Fès", Role.Institution, 64, null), Authenticate(key));
        Assert.Equal("2099-07-31", created.Json.GetProperty("expires").GetString());
        var revoked = await AmoeCommand.RunAsync("keys", "revoke", id, "--keys", Path);
        Assert.Matches($"^{id}: revoked at [-0-9: ]+ UTC; hosts refuse it within a second\n$", revoked.Output);
        Assert.Null(Authenticate(key));
    }

    [Fact]
    public async Task The_key_is_the_first_line_of_the_output_and_what_to_know_is_beside_it()
    {
        var created = await AmoeCommand.RunAsync(
            "keys", "create", "--role", "student", "--student", "4711", "--keys", Path);

        created.IsDone();
        Assert.Matches("^amoe_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\n$", created.Output);
        Assert.Contains(
            "of student 4711 (student) is made; it is not shown again. Revoke it with: amoe keys revoke ",
            created.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Output[14..57], created.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_holders_and_states_and_no_keys()
    {
        var (expired, (key, text)) = (TestKeys.New(Role.Fund, new DateOnly(2025, 10, 1)).Key,
            TestKeys.New(Role.Institution));
        await TestKeys.WriteAsync(
            Path, expired, key, TestKeys.New(Role.Auditor).Key with { Revoked = TestKeys.Created });

        var list = (await AmoeCommand.RunAsync("keys", "list", "--keys", Path)).Output;
        var json = (await AmoeCommand.RunAsync("keys", "list", "--keys", Path, "-o", "json")).Json;

        Assert.Equal(
            ["expired", "active", "revoked"],
            json.GetProperty("keys").EnumerateArray().Select(one => one.GetProperty("state").GetString()));
        Assert.Contains(
            $"{key.IdText}  active   institution     12          2025-09-01  never       the Institution\n", list,
            StringComparison.Ordinal);
        Assert.Contains(
            $"{expired.IdText}  expired  fund                        2025-09-01  2025-10-01  the Fund\n", list,
            StringComparison.Ordinal);
        Assert.DoesNotContain(text[^ApiKey.SecretLength..], list + json, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.Hash), list + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_revoke_a_key_again_changes_nothing()
    {
        var (key, _) = TestKeys.New(Role.Fund);
        await TestKeys.WriteAsync(Path, key);

        (await AmoeCommand.RunAsync("keys", "revoke", key.IdText, "--keys", Path)).IsDone();
        var once = await File.ReadAllTextAsync(Path);
        var again = await AmoeCommand.RunAsync("keys", "revoke", key.IdText, "--keys", Path, "-o", "json");

        again.IsDone();
        Assert.Equal(once, await File.ReadAllTextAsync(Path));
        Assert.Equal(
            (key.IdText, "fund", Path),
            (again.Json.GetProperty("id").GetString(), again.Json.GetProperty("role").GetString(),
                again.Json.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Two_processes_that_create_keys_at_once_lose_none()
    {
        using AmoeProcess one = Create("fund"), other = Create("auditor"), third = Create("anam");

        foreach (var process in (AmoeProcess[])[one, other, third])
            (await process.FinishAsync()).IsDone();

        Assert.Equal([Role.Fund, Role.Anam, Role.Auditor], new KeyFile(Path).Read().Select(key => key.Role).Order());

        AmoeProcess Create(string role) => AmoeProcess.Start(["keys", "create", "--role", role, "--keys", Path]);
    }

    [Fact]
    public async Task Without_keys_the_file_is_keys_json_of_the_working_directory()
    {
        (await AmoeProcess.RunInAsync(_folder.Path, "keys", "create", "--role", "fund")).IsDone();

        Assert.Equal(Role.Fund, Assert.Single(new KeyFile(Path).Read()).Role);
    }

    [Theory]
    [InlineData("name a command: create, list, revoke")]
    [InlineData("'--role' is required", "create")]
    [InlineData(
        "--role is institution, desk, provider, medical_control, fund, anam, auditor, student, monitor, not 'admin'",
        "create", "--role", "admin")]
    [InlineData(
        "the role institution needs a party: the number of the institution. Give --party to institution, desk and provider",
        "create", "--role", "institution")]
    [InlineData("the role fund has no party", "create", "--role", "fund", "--party", "1")]
    [InlineData("the role student needs a student", "create", "--role", "student")]
    [InlineData("the role auditor has no student", "create", "--role", "auditor", "--student", "1")]
    [InlineData("--party is a whole number from 1", "create", "--role", "desk", "--party", "0")]
    [InlineData(
        "--party: desks are numbered from 1 to 46, and none is 47", "create", "--role", "desk", "--party", "47")]
    [InlineData("--name: the name is empty", "create", "--role", "fund", "--name", " ")]
    [InlineData("--expires 2020-01-01 is past: today is ", "create", "--role", "fund", "--expires", "2020-01-01")]
    [InlineData("--expires is a date that exists", "create", "--role", "fund", "--expires", "soon")]
    [InlineData("Required argument 'ID' missing", "revoke")]
    [InlineData("ID is the 8 hex digits that follow amoe_ in a key, in lower case", "revoke", "1A2B3C4D")]
    public async Task Wrong_usage_is_one_line_and_exit_code_1(string says, params string[] args) =>
        (await AmoeCommand.RunAsync(["keys", .. args, .. args is [] ? [] : (string[])["--keys", Path]]))
            .IsRefusal(1, says);

    [Fact]
    public async Task A_whole_key_given_in_place_of_its_id_is_not_repeated()
    {
        var refused = await AmoeCommand.RunAsync("keys", "revoke", TestKeys.New(Role.Fund).Text, "--keys", Path);

        refused.IsRefusal(1, "ID is the 8 hex digits");
        Assert.DoesNotMatch(new Regex("amoe_[0-9a-f]"), refused.Error);
    }

    [Fact]
    public async Task An_id_that_is_not_there_is_named_and_a_file_that_is_not_is_exit_code_2()
    {
        (await AmoeCommand.RunAsync("keys", "revoke", "0000000a", "--keys", Path))
            .IsRefusal(2, $"{Path}: there is no such file");
        (await AmoeCommand.RunAsync("keys", "list", "--keys", Path))
            .IsRefusal(2, "Make the first key: amoe keys create --role fund");
        Assert.Empty(Directory.GetFiles(_folder.Path));
        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key);
        (await AmoeCommand.RunAsync("keys", "revoke", "0000000a", "--keys", Path))
            .IsRefusal(1, $"{Path}: it has no key 0000000a. See which it has with: amoe keys list");
        _folder.Write("keys.json", "[]");
        (await AmoeCommand.RunAsync("keys", "create", "--role", "fund", "--keys", Path))
            .IsRefusal(2, $"{Path}, line 1: not a JSON object.");
    }

    [Theory]
    [InlineData("create")]
    [InlineData("list")]
    [InlineData("revoke")]
    public async Task Every_option_of_the_help_is_in_the_document(string verb)
    {
        var text = Approved.Read("docs/command-line.md");
        var section = text[
            text.IndexOf(
                "\n## keys\n", StringComparison.Ordinal)..text.IndexOf("\n## Exit codes\n", StringComparison.Ordinal)];
        var help = (await AmoeCommand.RunAsync("keys", verb, "--help")).Output;
        var options = Regex.Matches(
            help[help.IndexOf("Options:", StringComparison.Ordinal)..], "^  (?:-[a-z], )?(--[a-z]+)",
            RegexOptions.Multiline).Select(match => match.Groups[1].Value).Except(["--help", "--output"]).ToList();

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains($"`{option} ", section, StringComparison.Ordinal));
        Assert.Contains($"| `amoe keys {verb}", text, StringComparison.Ordinal);
    }

    private Caller? Authenticate(string key)
    {
        using var keys = ApiKeys.Open(Path, TimeProvider.System, Assert.Fail);
        return keys.Authenticate(key);
    }
}
