using System.Globalization;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

/// <summary>A recorded run of the national year, looked at as it was while it ran.</summary>
public sealed class ProgressTests
{
    private static readonly SimulationRequest Request = new(
        ScenarioReader.Load("national-year"), ScaleThousandths: 1000, Seed: 42, Rulebook.Embedded,
        JournalAddress.Parse("year.amoe"), Resume: false, Threads: 2);

    [Fact]
    public void The_time_left_is_within_a_third_of_the_truth_at_half_of_the_looks_from_a_tenth_on()
    {
        var looks = Recorded();
        var end = looks[^1].Elapsed;
        var judged = looks.Where(look => look.Elapsed >= end / 10 && look.Elapsed < end).ToList();

        var off = judged.Select(look => OffByPerCent(look, end - look.Elapsed)).ToList();

        Assert.True(off.Count > 40, $"{off.Count} looks");
        Assert.True(
            off.Count(percent => percent <= 33) * 2 >= off.Count, $"off by % of the truth: {string.Join(' ', off)}");

        long OffByPerCent(SimulationProgress look, TimeSpan truth) =>
            look.LeftSince(looks[0]) is { } left ? Math.Abs((left - truth).Ticks) * 100 / truth.Ticks : long.MaxValue;
    }

    [Fact]
    public void The_share_begins_at_0_never_falls_and_ends_at_1()
    {
        var shares = Recorded().Select(look => look.Share).ToList();

        Assert.Equal((0, 1), (shares[0], shares[^1]));
        Assert.Equal(shares.Order(), shares);
    }

    private static List<SimulationProgress> Recorded()
    {
        var work = new ExpectedWork(Request);
        return [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recorded", "national-year-progress.txt"))
            .Where(line => line[0] != '#')
            .Select(line =>
        {
            var numbers = Array.ConvertAll(line.Split(' '), number => int.Parse(number, CultureInfo.InvariantCulture));
            return new SimulationProgress(
                default, numbers[1..], work, 0, 0, 0, TimeSpan.FromMilliseconds(numbers[0]), null);
        })];
    }
}
