using System.Diagnostics;
using Amoe.Engine.Tests;
using Amoe.Host.Access;
using Xunit.Abstractions;

namespace Amoe.Host.Tests.Access;

/// <summary>The keys that a running host accepts.</summary>
public sealed class ApiKeysTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly List<string> _reports = [];

    private string Path => _folder.File("keys.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_gives_its_caller()
    {
        var (key, text) = TestKeys.New(Role.Institution);
        await TestKeys.WriteAsync(Path, TestKeys.New(Role.Fund).Key, key, TestKeys.New(Role.Auditor).Key);
        using var keys = Open();

        Assert.Equal(
            new Caller(key.IdText, "the Institution", Role.Institution, Callers.Party, null), keys.Authenticate(text));
        Assert.Equal(3, keys.Count);
    }

    [Fact]
    public async Task A_wrong_secret_an_unknown_id_and_no_key_at_all_give_none()
    {
        var ((key, text), (_, other)) = (TestKeys.New(Role.Fund), TestKeys.New(Role.Fund));
        await TestKeys.WriteAsync(Path, key);
        using var keys = Open();

        Assert.NotNull(keys.Authenticate(text));
        Assert.Null(keys.Authenticate(text[..14] + other[14..]));
        Assert.Null(keys.Authenticate(other));
        Assert.Null(keys.Authenticate(other[..14] + text[14..]));
        Assert.Null(keys.Authenticate(text + " "));
        Assert.Null(keys.Authenticate(""));

        // Each character counts.
        for (var i = 0; i < text.Length; i++)
            Assert.Null(keys.Authenticate(text[..i] + (text[i] == 'b' ? 'c' : 'b') + text[(i + 1)..]));
    }

    [Fact]
    public async Task A_key_revoked_by_another_process_is_refused_within_a_second()
    {
        var ((key, text), (_, second)) = (TestKeys.New(Role.Fund), TestKeys.New(Role.Fund));
        await TestKeys.WriteAsync(Path, key);
        using var keys = Open();

        await new KeyFile(Path).ChangeAsync(
            kept => [.. kept.Select(one => one with { Revoked = TestKeys.Created })], TimeProvider.System);
        Assert.NotNull(keys.Authenticate(text));
        _time.Advance(ApiKeys.RereadPeriod);

        Assert.Null(keys.Authenticate(text));
        Assert.Null(keys.Authenticate(second));
        Assert.Equal([$"{Path}: the keys changed; 1 are in force"], _reports);
    }

    [Fact]
    public async Task A_key_made_by_another_process_is_accepted_within_a_second_though_the_file_looks_as_old_and_as_long()
    {
        var ((first, _), (second, text)) = (TestKeys.New(Role.Fund), TestKeys.New(Role.Fund));
        await TestKeys.WriteAsync(Path, first);
        var written = File.GetLastWriteTimeUtc(Path);
        using var keys = Open();

        await TestKeys.WriteAsync(Path, second);
        File.SetLastWriteTimeUtc(Path, written);
        Assert.Null(keys.Authenticate(text));
        _time.Advance(ApiKeys.RereadPeriod);

        Assert.NotNull(keys.Authenticate(text));
    }

    [Fact]
    public async Task A_key_is_valid_through_its_last_day()
    {
        var (key, text) = TestKeys.New(Role.Fund, DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime));
        await TestKeys.WriteAsync(Path, key);
        using var keys = Open();

        _time.Advance(_time.GetUtcNow().Date.AddDays(1).AddTicks(-1) - _time.GetUtcNow().DateTime);
        Assert.NotNull(keys.Authenticate(text));
        Assert.Equal(KeyState.Active, key.StateAt(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(keys.Authenticate(text));
        Assert.Equal(KeyState.Expired, key.StateAt(_time.GetUtcNow()));
    }

    [Fact]
    public async Task A_key_that_expires_on_the_last_day_of_the_calendar_is_valid()
    {
        var (key, text) = TestKeys.New(Role.Fund, DateOnly.MaxValue);
        await TestKeys.WriteAsync(Path, key);
        using var keys = Open();

        Assert.NotNull(keys.Authenticate(text));
    }

    [Fact]
    public async Task A_file_that_breaks_leaves_the_keys_in_force_and_is_reported_once_until_it_is_whole_again()
    {
        var (key, text) = TestKeys.New(Role.Fund);
        await TestKeys.WriteAsync(Path, key);
        var whole = await File.ReadAllTextAsync(Path);
        using var keys = Open();

        await File.WriteAllTextAsync(Path, "oops");
        _time.Advance(3 * ApiKeys.RereadPeriod);
        Assert.NotNull(keys.Authenticate(text));
        Assert.Equal($"{Path}, line 1: not a JSON object (character 1).", keys.Problem);
        await File.WriteAllTextAsync(Path, whole);
        _time.Advance(ApiKeys.RereadPeriod);

        Assert.Null(keys.Problem);
        Assert.Equal(
            [
                $"{Path}, line 1: not a JSON object (character 1). The keys as they were read before stay in force.",
                $"{Path}: the keys can be read again"
            ], _reports);
    }

    [Fact]
    public async Task A_file_that_is_disposed_is_followed_no_more()
    {
        var ((first, text), (second, _)) = (TestKeys.New(Role.Fund), TestKeys.New(Role.Fund));
        await TestKeys.WriteAsync(Path, first);
        var keys = Open();
        keys.Dispose();
        await TestKeys.WriteAsync(Path, second);
        _time.Advance(3 * ApiKeys.RereadPeriod);

        Assert.NotNull(keys.Authenticate(text));
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task To_authenticate_allocates_nothing_and_takes_a_few_microseconds_at_most()
    {
        const int Rounds = 200_000;
        var made = Enumerable.Range(0, 1_000).Select(_ => TestKeys.New(Role.Institution)).ToArray();
        await TestKeys.WriteAsync(Path, [.. made.Select(one => one.Key)]);
        using var keys = Open();
        var (right, wrong, unknown) = (made[500].Text, made[500].Text[..14] + made[501].Text[14..],
            TestKeys.New(Role.Fund).Text);
        Measure(right, Rounds);

        // The best of rounds that take turns: others use the machine too.
        var rounds = Enumerable.Range(0, 10)
            .Select(_ =>
                (Right: Measure(right, Rounds / 10), Wrong: Measure(wrong, Rounds / 10),
                    Unknown: Measure(unknown, Rounds / 10)))
            .ToList();
        var (ofRight, ofWrong, ofUnknown) = (rounds.Min(round => round.Right), rounds.Min(round => round.Wrong),
            rounds.Min(round => round.Unknown));
        output.WriteLine(
            $"right {ofRight.Nanoseconds} ns, wrong {ofWrong.Nanoseconds} ns, unknown {ofUnknown.Nanoseconds} ns of 1,000 keys");
        Assert.Equal((0, 0, 0), (ofRight.Bytes, ofWrong.Bytes, ofUnknown.Bytes));
        Assert.InRange(ofRight.Nanoseconds, 1, 5_000);

        // They do the same work. The bound is wide, because what is measured is a machine with other things to do.
        Assert.InRange(ofWrong.Nanoseconds, ofUnknown.Nanoseconds / 2, ofUnknown.Nanoseconds * 2);

        (long Nanoseconds, long Bytes) Measure(string text, int rounds)
        {
            var (before, since) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var i = 0; i < rounds; i++)
                keys.Authenticate(text);
            return (Stopwatch.GetElapsedTime(since).Ticks * 100 / rounds,
                GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private ApiKeys Open() => ApiKeys.Open(Path, _time, _reports.Add);
}
