using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Wire;
using Action = Amoe.Engine.Actors.Sharding.DayOpenerAction<string>;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>
/// When a host opens days for its partitions. The journal has two partitions of students, 0 and 1, and two of ledgers,
/// 2 and 3.
/// </summary>
public sealed class DayOpenerCoreTests
{
    private const int Students = 2;
    private const int Ledgers = 2;
    private static readonly DateOnly Day = new(2026, 9, 1);
    private static readonly DateOnly Next = Day.AddDays(1);

    private readonly HashSet<int> _served = [0];
    private readonly Relay _relay = new(Students, Ledgers);
    private readonly DayOpenerCore<string> _core;

    public DayOpenerCoreTests() => _core = new DayOpenerCore<string>(Students, Ledgers, _relay, _served.Contains);

    [Fact]
    public void A_partition_may_open_a_day_once_the_journal_has_it_open_and_the_notices_of_all_ledgers_are_here()
    {
        var wanted = Want(0, Day);
        var fetch = AssertAsksHosts(wanted, RelayQuestion.Notices, 2, 3);
        Assert.Equal(
            [new Action.AskJournal(OpenDay(0, Day)), new Action.AskAgainLater()],
            wanted.Where(action => action is not Action.AskHosts));

        Assert.Empty(Opened(_core.JournalAnswered(Day, new DayOpened(Day, 7))));
        Assert.Empty(Opened(_core.Take(Notices(fetch, 2))));
        Assert.Equal([new Action.Tell("partition 0", new DayOpened(Day, 7))], Opened(_core.Take(Notices(fetch, 3))));
    }

    [Fact]
    public void The_post_may_come_before_the_journal_has_opened_the_day()
    {
        var fetch = AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2, 3);
        Assert.Empty(Opened(_core.Take(Notices(fetch, 2, 3))));
        Assert.Single(Opened(_core.JournalAnswered(Day, new DayOpened(Day, 0))));
    }

    [Fact]
    public void A_partition_gets_the_day_that_it_asked_for_though_the_journal_has_later_ones_open()
    {
        var fetch = AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2, 3);
        _core.Take(Notices(fetch, 2, 3));
        Assert.Equal(
            [new Action.Tell("partition 0", new DayOpened(Day, 0))],
            Opened(_core.JournalAnswered(Day, new DayOpened(Next, 0))));

        // The journal need not be asked for the next day; that day has other notices.
        var actions = Want(0, Next);
        Assert.Empty(actions.OfType<Action.AskJournal>());
        fetch = AssertAsksHosts(actions, RelayQuestion.Notices, 2, 3);
        Assert.Equal(
            [new Action.Tell("partition 0", new DayOpened(Next, 0))], Opened(_core.Take(Notices(fetch, 2, 3))));
    }

    [Fact]
    public void The_journal_is_asked_again_after_a_pause_while_its_actor_is_away()
    {
        _served.UnionWith([2, 3]);
        Assert.Equal([new Action.AskJournal(OpenDay(0, Day))], Want(0, Day));
        Assert.Equal([new Action.AskAgainLater()], _core.JournalAnswered(Day, null));

        // Another partition asks in the pause: one question at a time, and one pause.
        Assert.Equal([new Action.AskJournal(OpenDay(1, Day))], Want(1, Day));
        Assert.Empty(_core.JournalAnswered(Day, null));
        Assert.Single(_core.AskAgain().OfType<Action.AskJournal>());
        Assert.Equal(2, Opened(_core.JournalAnswered(Day, new DayOpened(Day, 0))).Count());
    }

    [Fact]
    public void What_is_missing_is_asked_for_again_after_a_pause_and_no_sooner()
    {
        var fetch = AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2, 3);
        Assert.Empty(_core.Take(Notices(fetch, 3)));
        Assert.Empty(Want(1, Day));
        var again = _core.AskAgain();
        Assert.Equal(fetch, AssertAsksHosts(again, RelayQuestion.Notices, 2));
        Assert.Single(again.OfType<Action.AskAgainLater>());
    }

    [Fact]
    public void A_fetch_that_ends_for_an_earlier_day_begins_the_one_for_the_next()
    {
        _core.JournalAnswered(Day, new DayOpened(Next, 0));
        var fetch = AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2, 3);
        Want(1, Next);

        var ended = _core.Take(Notices(fetch, 2, 3));
        Assert.Equal([new Action.Tell("partition 0", new DayOpened(Day, 0))], Opened(ended));

        // The former fetch's pause is still on; the next day is asked for at once.
        var next = AssertAsksHosts(ended, RelayQuestion.Notices, 2, 3);
        Assert.NotEqual(fetch, next);
        Assert.Equal([new Action.Tell("partition 1", new DayOpened(Next, 0))], Opened(_core.Take(Notices(next, 2, 3))));
    }

    [Fact]
    public void An_answer_to_an_earlier_fetch_is_ignored()
    {
        _core.JournalAnswered(Day, new DayOpened(Next, 0));
        var earlier = AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2, 3);
        _core.Take(Notices(earlier, 2, 3));
        var fetch = AssertAsksHosts(Want(0, Next), RelayQuestion.Notices, 2, 3);

        Assert.Empty(_core.Take(Notices(earlier, 2, 3)));
        Assert.Empty(Opened(_core.Take(Notices(fetch, 2))));
        Assert.Single(Opened(_core.Take(Notices(fetch, 3))));

        // None is on: what comes now belongs to a fetch that has ended.
        var late = new RecoveryNotice(PartyId.Provider(9), new StudentId(1), 64, LedgerDecider.FirstAttempt, 100, Day);
        Assert.Empty(
            _core.Take(
                new RelayAnswer(
                    fetch, RelayQuestion.Notices, [new RelayedOfPartition(2, [], IsAll: true, 50, [late])])));
        Assert.Empty(_relay.RecoveriesOf(0).All);
    }

    [Fact]
    public void A_host_asks_itself_nothing_for_partitions_that_it_speaks_for()
    {
        _served.Add(3);
        AssertAsksHosts(Want(0, Day), RelayQuestion.Notices, 2);

        // The ledgers come to this host meanwhile: there is nothing left to ask.
        _served.Add(2);
        _core.JournalAnswered(Day, new DayOpened(Day, 0));
        Assert.Empty(_core.AskAgain());
        Assert.Empty(Want(0, Day).OfType<Action.AskHosts>());
    }

    [Fact]
    public void A_partition_of_ledgers_asks_for_what_is_behind_the_batches_that_it_has_until_that_was_all()
    {
        _served.Add(2);
        _core.JournalAnswered(Day, new DayOpened(Day, 0));
        _relay.Import(0, 1, new PostingBatch(4, Day, []));
        var question = Assert.Single(Want(2, Day).OfType<Action.AskHosts>()).Question;
        Assert.Equal((0, new RelayMark(1, 0, 4)), (question.Party, Assert.Single(question.Marks)));

        // A message took some of it: the rest is asked for at once.
        var more = _core.Take(
            new RelayAnswer(
                question.Fetch, 0, [new RelayedOfPartition(1, [new PostingBatch(5, Day, [])], IsAll: false, 0, [])]));
        Assert.Equal(
            new RelayMark(1, 0, 5), Assert.Single(Assert.Single(more.OfType<Action.AskHosts>()).Question.Marks));
        Assert.Single(
            Opened(
                _core.Take(new RelayAnswer(question.Fetch, 0, [new RelayedOfPartition(1, [], IsAll: true, 0, [])]))));
    }

    [Fact]
    public void A_partition_that_asks_again_after_an_incarnation_is_answered_once()
    {
        _served.UnionWith([2, 3]);
        _core.Want("former incarnation", OpenDay(0, Day));
        Want(0, Day);
        Assert.Equal(
            [new Action.Tell("partition 0", new DayOpened(Day, 0))], _core.JournalAnswered(Day, new DayOpened(Day, 0)));
    }

    [Fact]
    public void A_host_answers_for_the_partitions_that_it_speaks_for_and_for_no_other()
    {
        _relay.Deliver(0, new Notices([new PostingBatch(1, Day, [])], null, []));
        var question = new RelayQuestion(1, 0, [new RelayMark(0, 0, 0), new RelayMark(1, 0, 0)]);
        var relayed = Assert.Single(_core.Answer(question));
        Assert.Equal((0, 1L), (relayed.Partition, Assert.Single(relayed.Batches).Number));

        _served.Clear();
        Assert.Empty(_core.Answer(question));
    }

    private static OpenDay OpenDay(int partition, DateOnly day) => new(new DayWanted(day, day), partition);

    private static RelayAnswer Notices(long fetch, params ReadOnlySpan<int> ledgers) =>
        new(
            fetch, RelayQuestion.Notices,
            [.. ledgers.ToArray().Select(partition => new RelayedOfPartition(partition, [], IsAll: true, 0, []))]);

    private static IEnumerable<Action.Tell> Opened(IReadOnlyList<Action> actions) => actions.OfType<Action.Tell>();

    /// <returns>The number of the fetch.</returns>
    private static long AssertAsksHosts(IReadOnlyList<Action> actions, int party, params int[] partitions)
    {
        var question = Assert.Single(actions.OfType<Action.AskHosts>()).Question;
        Assert.Equal(party, question.Party);
        Assert.Equal(partitions, question.Marks.Select(mark => mark.Partition));
        return question.Fetch;
    }

    private IReadOnlyList<Action> Want(int partition, DateOnly day) =>
        _core.Want($"partition {partition}", OpenDay(partition, day));
}
