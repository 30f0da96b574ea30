using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

public sealed class StudentTrafficTests
{
    private static readonly Rehearsal Year = new Rehearsal().Open().Run();

    [Fact]
    public void The_same_seed_sends_the_same_commands() =>
        Assert.Equal(Year.Sent, new Rehearsal().Open().Run().Sent);

    [Fact]
    public void Another_seed_sends_others() =>
        Assert.NotEqual(Year.Sent.Take(100), new Rehearsal(seed: 43).Open().Run(30).Sent.Take(100));

    [Fact]
    public void A_students_traffic_depends_on_no_other_student_and_no_thread()
    {
        var parts = new Rehearsal[3];
        Parallel.For(0, 3, part => parts[part] = new Rehearsal().Open(index => index % 3 == part).Run());
        Assert.Equal(
            Year.Sent.OrderBy(sent => sent.Day).ThenBy(sent => sent.Step),
            parts.SelectMany(part => part.Sent).OrderBy(sent => sent.Day).ThenBy(sent => sent.Step));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(90)]
    [InlineData(200)]
    [InlineData(517)]
    public void A_run_resumed_from_its_log_goes_on_as_if_undisturbed(int days)
    {
        var resumed = new Rehearsal().Open().Replay(Year, days).Run();
        var day = Rehearsal.Scenario.Horizon.Opens.AddDays(days);
        Assert.Equal(Year.Sent.Where(sent => sent.Day >= day), resumed.Sent);
    }

    [Fact]
    public void Days_are_in_order_of_phase_then_student()
    {
        foreach (var day in Year.Sent.GroupBy(sent => sent.Day))
            Assert.Equal(day.Select(sent => sent.Step).Order(), day.Select(sent => sent.Step));
    }

    [Fact]
    public void A_command_is_never_in_the_future_nor_its_care_after_its_deposit() => Assert.All(Year.Sent, sent =>
    {
        Assert.Equal(sent.Day, sent.Command.Known);
        Assert.True(sent.Command.Effective <= sent.Day);
        if (sent.Command is DepositClaim claim)
            Assert.All(claim.Lines, line => Assert.True(line.CareDate <= sent.Day));
    });

    [Fact]
    public void One_id_is_only_ever_one_command()
    {
        foreach (var same in Year.Sent.GroupBy(sent => (sent.Command.Student, sent.Command.Id)))
            Assert.True(
                same.Select(sent => sent.Command.Fingerprint()).Distinct().Count() == 1,
                $"{same.Key}: {string.Join(", ", same.Select(sent => sent.Day))}");
    }

    [Fact]
    public void Some_commands_are_sent_twice() =>
        Assert.InRange(
            Year.Sent.GroupBy(sent => (sent.Command.Student, sent.Command.Id)).Count(same => same.Count() > 1), 1,
            Year.Sent.Count / 50);

    [Fact]
    public void A_returned_file_is_completed_with_all_that_it_lacked()
    {
        var files = Year.Sent.Where(sent => sent.Command is DepositClaim or CompleteClaim)
            .GroupBy(sent => sent.Command.Reference);
        var completed = files.Where(file => file.Any(sent => sent.Command is CompleteClaim)).ToArray();
        Assert.NotEmpty(completed);
        Assert.All(completed, file =>
        {
            var deposit = (DepositClaim)file.First(sent => sent.Command is DepositClaim).Command;
            var brought = file.Aggregate(
                deposit.Items,
                (items, sent) => sent.Command is CompleteClaim complete ? items | complete.Items : items);
            var missing = RequiredItems.Of(deposit.Lines, deposit.Way) & ~brought;
            var attempts = file.Count(sent => sent.Command is CompleteClaim);
            Assert.True(missing == FileItems.None || attempts == 1, "two attempts bring everything");
        });
    }

    [Fact]
    public void An_institution_sends_its_files_together() =>
        Assert.True(
            Year.Sent.Where(sent => sent.Command is ForwardApplication)
                .GroupBy(sent => sent.Command.Reference >> 12)
                .Max(list => list.Count()) > 1);

    [Fact]
    public void Last_years_registrants_open_the_year() =>
        Assert.All(
            Year.Sent.TakeWhile(sent => sent.Day == Rehearsal.Scenario.Horizon.Opens),
            sent => Assert.IsType<CarryOverRegistration>(sent.Command));

    [Fact]
    public void Nothing_follows_from_what_is_no_decision()
    {
        var traffic = new StudentTraffic(
            Rehearsal.Scenario, new Population(Rehearsal.Scenario, 42, 1), Amoe.Engine.Rules.Rulebook.Embedded);
        var agenda = new Agenda(Rehearsal.Scenario.Horizon.Opens, 518);
        traffic.React(
            new StudentId(1), new CommandId(CommandKind.TransmitApplication, 2025), Outcome.Unknown, Reason.None,
            Rehearsal.Scenario.Horizon.Opens, agenda);
        Assert.Equal(0, agenda.Count);
    }
}
