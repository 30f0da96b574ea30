using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Decides when days open for the partitions of one host: a state machine without actors, clock or bytes. A partition
/// may open a day once the journal has it open durably, and once this host has what the other hosts' partitions have
/// for that day. Each input returns what the shell has to do, in order.
/// </summary>
/// <remarks>
/// One thread at a time. Questions and answers may be lost: what is missing is asked for again.
/// </remarks>
/// <typeparam name="TAsker">The address of a partition: an actor's reference in the shell.</typeparam>
internal sealed class DayOpenerCore<TAsker>
{
    private readonly int _students;
    private readonly int _ledgers;
    private readonly Relay _relay;
    private readonly Func<int, bool> _speaks;

    // Days that the journal has open, as far as it was asked: from a day that was asked for to the last one under the
    // same rulebook.
    private readonly List<(DateOnly From, DayOpened Opened)> _open = [];
    private readonly List<(TAsker Asker, OpenDay Wanted)> _waiting = [];

    // One for each partition of ledgers, and the last one for all partitions of students.
    private readonly RelayFetch[] _fetches;
    private List<DayOpenerAction<TAsker>> _actions = [];
    private long _lastFetch;
    private bool _isJournalAsked;
    private bool _isAskedAgainLater;

    /// <param name="students">Partitions of students, which come first.</param>
    /// <param name="ledgers">Partitions of ledgers.</param>
    /// <param name="relay">What this host's partitions have for others, and where what was fetched goes.</param>
    /// <param name="speaks">True of a partition that this host serves under a lease.</param>
    public DayOpenerCore(int students, int ledgers, Relay relay, Func<int, bool> speaks)
    {
        (_students, _ledgers, _relay, _speaks) = (students, ledgers, relay, speaks);
        _fetches = [.. Enumerable.Range(0, ledgers + 1).Select(party =>
            new RelayFetch(party == ledgers ? RelayQuestion.Notices : party))];
    }

    /// <summary>
    /// A partition wants a day. It asks again after an incarnation, whose former question is dropped.
    /// </summary>
    public IReadOnlyList<DayOpenerAction<TAsker>> Want(TAsker asker, OpenDay wanted)
    {
        _waiting.RemoveAll(waiting => waiting.Wanted.Partition == wanted.Partition);
        _waiting.Add((asker, wanted));
        return GoOn();
    }

    /// <summary>The journal's own actor answers.</summary>
    /// <param name="next">The day that was asked for.</param>
    /// <param name="opened">Null where it is away, could not write, or took too long.</param>
    public IReadOnlyList<DayOpenerAction<TAsker>> JournalAnswered(DateOnly next, DayOpened? opened)
    {
        _isJournalAsked = false;
        if (opened is not null)
        {
            _open.Add((next, opened));
            return GoOn();
        }

        // It says at once that it is away: asked at once, it would be asked as fast as messages travel.
        AskAgainLater();
        return TakeActions();
    }

    /// <summary>The pause of <see cref="DayOpenerAction{TAsker}.AskAgainLater"/> is over.</summary>
    public IReadOnlyList<DayOpenerAction<TAsker>> AskAgain()
    {
        _isAskedAgainLater = false;
        return GoOn();
    }

    /// <summary>Another host answers. An answer to an earlier fetch may say less than is known by now.</summary>
    public IReadOnlyList<DayOpenerAction<TAsker>> Take(RelayAnswer answer)
    {
        var fetch = FetchOf(answer.Party);
        if (answer.Fetch != 0 && fetch.Number == answer.Fetch)
        {
            foreach (var relayed in answer.Relayed)
            {
                Import(answer.Party, relayed);
                if (relayed.IsAll)
                    fetch.Missing.Remove(relayed.Partition);
                else
                    fetch.IsAsked = false;
            }

            TryEnd(fetch);
        }

        return GoOn();
    }

    /// <summary>
    /// Answers another host with the postings or notices of this host's partitions. The answer omits partitions that
    /// are elsewhere, and is empty once this host's lease may have run out.
    /// </summary>
    public IEnumerable<RelayedOfPartition> Answer(RelayQuestion question)
    {
        if (question.Party != RelayQuestion.Notices)
            _relay.Acknowledge(question.Party, question.Marks.Select(mark => (mark.Partition, mark.Taken)));
        return question.Marks.Where(mark => _speaks(mark.Partition)).Select(mark => Export(question.Party, mark));
    }

    private RelayedOfPartition Export(int party, in RelayMark mark)
    {
        if (party != RelayQuestion.Notices)
            return new RelayedOfPartition(
                mark.Partition, _relay.Export(party, mark.Partition, mark.Known), IsAll: true, 0, []);
        var (taken, recoveries) = _relay.RecoveriesOf(mark.Partition - _students);
        return new RelayedOfPartition(mark.Partition, [], IsAll: true, taken, recoveries);
    }

    private void Import(int party, RelayedOfPartition relayed)
    {
        if (party == RelayQuestion.Notices)
            _relay.ImportRecoveries(relayed.Partition - _students, relayed.Taken, [.. relayed.Recoveries]);
        foreach (var batch in relayed.Batches)
            _relay.Import(party, relayed.Partition, batch);
    }

    private List<DayOpenerAction<TAsker>> GoOn()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var (asker, wanted) = _waiting[i];

            // The hosts are asked while the journal writes: neither needs the other.
            var hasPost = HasPost(wanted.Partition, wanted.Wanted.Next);
            if (Find(wanted.Wanted.Next) is not { } rulebook)
            {
                AskJournal(wanted);
            }
            else if (hasPost)
            {
                // One day at a time: the next one has other postings.
                _actions.Add(new DayOpenerAction<TAsker>.Tell(asker, new DayOpened(wanted.Wanted.Next, rulebook)));
                _waiting.RemoveAt(i);
            }
        }

        AskHosts();
        return TakeActions();
    }

    /// <summary>
    /// One question at a time. The answer is for the day that was asked for, so an older question's answer must not be
    /// taken for it.
    /// </summary>
    private void AskJournal(OpenDay wanted)
    {
        if (_isJournalAsked)
            return;
        _isJournalAsked = true;
        _actions.Add(new DayOpenerAction<TAsker>.AskJournal(wanted));
    }

    private int? Find(DateOnly day)
    {
        foreach (var (from, opened) in _open)
        {
            if (from <= day && day <= opened.Day)
                return opened.Rulebook;
        }

        return null;
    }

    private RelayFetch FetchOf(int party) => _fetches[party == RelayQuestion.Notices ? ^1 : party];

    private bool HasPost(int partition, DateOnly day)
    {
        if (_ledgers == 0)
            return true;
        var fetch = FetchOf(partition < _students ? RelayQuestion.Notices : partition - _students);
        if (day <= fetch.Through)
            return true;
        fetch.Wanted = day > fetch.Wanted ? day : fetch.Wanted;
        if (fetch.Number == 0)
            Begin(fetch);
        if (!TryEnd(fetch))
            return false;
        if (day <= fetch.Through)
            return true;

        // The fetch that ended just now was for an earlier day: no answer comes any more that would begin the next.
        Begin(fetch);
        return TryEnd(fetch);
    }

    private void Begin(RelayFetch fetch)
    {
        (fetch.Number, fetch.For, fetch.IsAsked) = (++_lastFetch, fetch.Wanted, false);
        var (first, count) = fetch.Party == RelayQuestion.Notices ? (_students, _ledgers) : (0, _students);
        fetch.Missing.UnionWith(Enumerable.Range(first, count));
    }

    private bool TryEnd(RelayFetch fetch)
    {
        fetch.Missing.RemoveWhere(partition => _speaks(partition));
        if (fetch.Missing.Count > 0)
            return false;
        (fetch.Through, fetch.Number) = (fetch.For, 0);
        return true;
    }

    /// <summary>Asks every host for what is missing: a partition's host is not known for certain anywhere.</summary>
    private void AskHosts()
    {
        foreach (var fetch in _fetches)
        {
            if (fetch.Number == 0 || (fetch.IsAsked && _isAskedAgainLater))
                continue;
            fetch.IsAsked = true;
            var question = new RelayQuestion(
                fetch.Number, fetch.Party, [.. fetch.Missing.Select(partition => MarkOf(fetch.Party, partition))]);
            _actions.Add(new DayOpenerAction<TAsker>.AskHosts(question));
        }

        if (_fetches.Any(fetch => fetch.Number != 0))
            AskAgainLater();
    }

    private void AskAgainLater()
    {
        if (_isAskedAgainLater)
            return;
        _isAskedAgainLater = true;
        _actions.Add(new DayOpenerAction<TAsker>.AskAgainLater());
    }

    private RelayMark MarkOf(int party, int partition) => party == RelayQuestion.Notices
        ? new RelayMark(partition, 0, 0)
        : new RelayMark(partition, _relay.TakenBy(party, partition), _relay.KnownTo(party, partition));

    private List<DayOpenerAction<TAsker>> TakeActions()
    {
        var actions = _actions;
        _actions = [];
        return actions;
    }

    /// <summary>A fetch for one partition of ledgers, or for all partitions of students together.</summary>
    private sealed class RelayFetch(int party)
    {
        public int Party => party;

        /// <summary>The last day for which all is here.</summary>
        public DateOnly Through { get; set; }

        /// <summary>The last day that is asked for.</summary>
        public DateOnly Wanted { get; set; }

        /// <summary>The number of the fetch that is on; 0 while none is.</summary>
        public long Number { get; set; }

        /// <summary>The day it is for.</summary>
        public DateOnly For { get; set; }

        /// <summary>False when hosts are to be asked at once.</summary>
        public bool IsAsked { get; set; }

        /// <summary>The partitions that have not answered.</summary>
        public SortedSet<int> Missing { get; } = [];
    }
}

/// <summary>An action that the actor of a <see cref="DayOpenerCore{TAsker}"/> takes next.</summary>
internal abstract record DayOpenerAction<TAsker>
{
    /// <summary>Tells a partition that it may open a day.</summary>
    public sealed record Tell(TAsker Asker, DayOpened Opened) : DayOpenerAction<TAsker>;

    /// <summary>Asks the journal's own actor, and says how that ended. Nothing else asks it meanwhile.</summary>
    public sealed record AskJournal(OpenDay Wanted) : DayOpenerAction<TAsker>;

    /// <summary>Sends a question to every other host.</summary>
    public sealed record AskHosts(RelayQuestion Question) : DayOpenerAction<TAsker>;

    /// <summary>Calls <see cref="DayOpenerCore{TAsker}.AskAgain"/> after a pause.</summary>
    public sealed record AskAgainLater : DayOpenerAction<TAsker>;
}
