using System.Diagnostics;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;
using Xunit.Abstractions;

namespace Amoe.Host.Tests.Identity;

/// <summary>
/// How fast many callers are served. The bounds are a tenth of what two idle cores do, for a machine that has other
/// work; the figures are in the output.
/// </summary>
public sealed class ThroughputTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 64;

    private readonly VaultPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Many_callers_share_a_sync_and_register_more_than_2000_persons_a_second()
    {
        const int Persons = 40_000;
        using var vault = _place.Open();
        var persons = Enumerable.Range(0, Persons).Select(VaultPlace.Student).ToArray();

        var rate = await RateAsync(
            Persons, 1024,
            async i => Assert.Equal(RegistrationOutcome.New, (await vault.RegisterAsync(persons[i])).Outcome));

        output.WriteLine($"{rate:N0} registrations/s of {Persons:N0} persons");
        var again = await RateAsync(
            Persons, 1024,
            async i => Assert.Equal(RegistrationOutcome.Known, (await vault.RegisterAsync(persons[i])).Outcome));
        output.WriteLine($"{again:N0} registrations/s of the same persons again");
        Assert.True(rate > 2_000, $"{rate} registrations/s");
    }

    [Fact]
    public async Task Sixty_four_callers_have_more_than_1000_readings_a_second_each_in_the_audit_log()
    {
        const int Readings = 60_000;
        using var vault = _place.Open();
        var student = await VaultPlace.NewAsync(vault, VaultPlace.Student(0));
        var number = VaultPlace.Cin(VaultPlace.Fields(0).Cin!);

        var found = await RateAsync(
            Readings, Callers, async _ => Assert.Equal(student, await vault.FindAsync(number, VaultPlace.Desk)));
        var read = await RateAsync(
            Readings, Callers, async _ => Assert.NotNull(await vault.ReadAsync(student, VaultPlace.Desk)));

        output.WriteLine($"{found:N0} findings/s, {read:N0} readings/s with {Callers} callers");
        var walk = AuditLog.Verify(_place.Audit);
        Assert.Equal((null, 2L * Readings), (walk.Problem, walk.End.Sequence));

        // Readings alone move the files' mark, so that an opening after a kill does not read all of them again.
        using var persons = VaultFiles.OpenPersons(_place.Folder, SqliteAccess.Read);
        Assert.InRange(walk.End.Offset - persons.Mark.Offset, 0, IdentityVault.MarkEvery * 2);
        Assert.True(walk.End.Offset > IdentityVault.MarkEvery * 2, $"only {walk.End.Offset} bytes");
        Assert.True(persons.Mark.Offset > IdentityVault.MarkEvery / 2, $"the mark is at {persons.Mark.Offset}");
        Assert.True(Math.Min(found, read) > 1_000, $"{found} findings/s, {read} readings/s");
    }

    private static async Task<long> RateAsync(int count, int callers, Func<int, Task> call)
    {
        var (next, start) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                await call(i);
        })));
        return (long)(count / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
