using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Aggregate;

/// <summary>Nothing that is decided tells whether claims leave memory in between.</summary>
public sealed class PassivationProperties
{
    private const int Steps = 60;

    private static readonly AmoeLogic Logic = new(Rulebook.Embedded);

    [Fact]
    public void An_aggregate_that_passivates_after_every_command_decides_as_one_that_never_does()
    {
        var (read, restated, repeated, several) = (0, 0, 0, 0);
        Properties.Check(
            Properties.FromSeeds(random => random),
            one =>
            {
                var (inMemory, passivating) = (new RecordedStudent(isPassivating: false, Logic),
                    new RecordedStudent(logic: Logic));
                var (day, sent, recalled) = (Day("2023-09-15"), new List<Command>(), new HashSet<ulong>());
                foreach (var command in IsAccepted("2023-09-15"))
                    AssertSame(inMemory.When(command), passivating.When(command));
                for (byte step = 1; step <= Steps; step++)
                {
                    day = day.AddDays(one.Made.Next(8));
                    Assert.All(
                        inMemory.Until(day).Zip(passivating.Until(day)), pair => AssertSame(pair.First, pair.Second));
                    var command = Any(one.Made, day, step, sent, passivating.Student);
                    var (expected, decided) = (inMemory.When(command), passivating.When(command));
                    Assert.All(inMemory.Needed, needs => Assert.All(needs, need => Assert.Null(need.Claim)));
                    AssertSame(expected, decided);
                    recalled.UnionWith(decided.Events.OfType<ClaimRecalled>().Select(e => e.Claim));
                    read += passivating.Needed.Count;
                    restated += decided.Events.OfType<ClaimRecalled>().Count();
                    repeated += decided.End == ConversationEnd.Repeated ? 1 : 0;
                    several += passivating.Needed.Any(needs => needs.Count > 1) ? 1 : 0;
                }

                return inMemory.StateWithoutClaims().SequenceEqual(passivating.StateWithoutClaims())
                    && StateOf(inMemory, recalled).SequenceEqual(StateOf(passivating, recalled))
                    && passivating.State().SequenceEqual(passivating.Replayed().State());
            },
            count: 2_000);
        Assert.True(
            read > 2_000 && restated > 500 && repeated > 500 && several > 100,
            $"{read} read back, {restated} restated, {repeated} repeated, {several} with several claims");
    }

    /// <summary>Nothing but the events that restate claims tells them apart.</summary>
    private static void AssertSame(Decided expected, Decided decided)
    {
        Assert.Equal(expected.Happened, decided.Happened);
        Assert.Equal(
            (expected.End, expected.Outcome, expected.Reason, expected.AnswerText),
            (decided.End, decided.Outcome, decided.Reason, decided.AnswerText));
    }

    private static Command Any(Random random, DateOnly day, byte step, List<Command> sent, StudentAggregate student)
    {
        if (sent.Count > 0 && random.Next(8) == 0)
        {
            var again = sent[random.Next(sent.Count)];
            return random.Next(4) == 0 ? again with { Effective = again.Effective.AddDays(1) } : again;
        }

        if (random.Next(10) == 0)
            return random.Next(3) == 0
                ? new AskEntitlement(Say.Student, day, day)
                : new AskClaim(Say.Student, (ulong)random.Next(9), day);
        var command = random.Next(12) switch
        {
            0 => AnyCommand.Of(random, day, student),
            1 or 2 => AnyCommand.OfDaysPast(random, day, student),
            _ => AnyCommand.OfClaim(random, day, student),
        };
        command = command with { Attempt = step };
        sent.Add(command);
        return command;
    }

    /// <summary>
    /// The state of each claim. A restated claim has no day of receipt any more, because nothing depends on it.
    /// </summary>
    private static byte[] StateOf(RecordedStudent student, HashSet<ulong> recalled)
    {
        var w = new ByteWriter();
        foreach (var claim in student.Claims.OrderBy(claim => claim.Number))
        {
            var copy = claim.Copy();
            if (recalled.Contains(claim.Number))
                copy.ReceivedOn = null;
            (copy.LastSequenceNr, copy.Places) = (0, []);
            SnapshotCodec.Write(w, copy);
        }

        return w.Written.ToArray();
    }
}
