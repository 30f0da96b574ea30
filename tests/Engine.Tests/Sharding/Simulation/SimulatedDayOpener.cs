using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Tests.Sharding.Simulation;

internal sealed record PostRequest(PostQuestion Question);

internal sealed record PostResponse(long Fetch, int Party, IReadOnlyList<PostOfPartition> Answers);

/// <summary>All that a partition has, or where a message takes no more, some of it.</summary>
internal sealed record PostOfPartition(int Partition, IReadOnlyList<PostingBatch> Batches, bool IsAll, long Taken, RecoveryNotice[] Recoveries);

/// <summary>Opens days for the partitions of one host, as <see cref="DayOpener"/> does, step for step.</summary>
internal sealed class SimulatedDayOpener
{
    private static readonly TimeSpan _askAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _journalPatience = TimeSpan.FromSeconds(1);

    private readonly SimulatedHost _host;
    private readonly List<(DateOnly From, DateOnly Through)> _open = [];
    private readonly List<(SimulatedPartitionActor Asker, OpenDay Wanted)> _waiting = [];
    private readonly Need[] _needs;
    private long _fetches;
    private long _questions;
    private DayAsked? _asked;
    private bool _isTimerActive;

    public SimulatedDayOpener(SimulatedHost host)
    {
        _host = host;
        _needs = [.. Enumerable.Range(0, Ledgers + 1).Select(party => new Need(party == Ledgers ? PostQuestion.Letters : party))];
    }

    private ClusterWorld World => _host.World;

    private int Students => World.Identity.ShardCount;

    private int Ledgers => World.Identity.PartyShardCount;

    public void Open(OpenDay wanted, SimulatedPartitionActor asker)
    {
        _waiting.RemoveAll(waiting => waiting.Wanted.Partition == wanted.Partition);
        _waiting.Add((asker, wanted));
        GoOn();
    }

    public void On(DayAnswered answered)
    {
        if (_asked is not { } asked || asked.Number != answered.Number)
            return;
        _asked = null;
        if (answered.Through is { } through)
        {
            _open.Add((asked.Open.Wanted.Next, through));
            GoOn();
        }
        else
        {
            AskAgainLater();
        }
    }

    public void On(object message, IPeer from)
    {
        if (message is PostRequest request)
        {
            Answer(request.Question, from);
            return;
        }

        Take((PostResponse)message);
        GoOn();
    }

    private void GoOn()
    {
        if (_host.HasEnded)
            return;
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var (asker, wanted) = _waiting[i];
            var day = wanted.Wanted.Next;
            var hasPost = HasPost(wanted.Partition, day);
            if (!_open.Exists(open => open.From <= day && day <= open.Through))
            {
                AskJournal(wanted);
            }
            else if (hasPost || World.Defect == ClusterDefect.DayOpenedBeforePost)
            {
                asker.DayOpened(day);
                _waiting.RemoveAt(i);
            }
        }

        AskHosts();
    }

    private void AskJournal(OpenDay wanted)
    {
        if (_asked is not null || World.Sharding.JournalHost is not { } journal)
            return;
        var asked = _asked = new DayAsked(++_questions, wanted);
        World.Network.Send(_host, journal, asked);
        _host.Process.After(_journalPatience, () =>
        {
            if (_asked != asked)
                return;
            _asked = null;
            GoOn();
        });
    }

    private bool HasPost(int partition, DateOnly day)
    {
        if (Ledgers == 0)
            return true;
        var need = _needs[partition < Students ? ^1 : partition - Students];
        if (day <= need.Through)
            return true;
        need.Wanted = day > need.Wanted ? day : need.Wanted;
        if (need.Fetch == 0)
            Begin(need);
        if (!Finish(need))
            return false;
        if (day <= need.Through)
            return true;

        // The fetch that ended just now was for an earlier day: no answer comes any more that would begin the next.
        Begin(need);
        return Finish(need);
    }

    private void Begin(Need need)
    {
        (need.Fetch, need.For, need.IsAsked) = (++_fetches, need.Wanted, false);
        var (first, count) = need.Party == PostQuestion.Letters ? (Students, Ledgers) : (0, Students);
        need.Missing.UnionWith(Enumerable.Range(first, count));
    }

    private bool Finish(Need need)
    {
        need.Missing.RemoveWhere(_host.Speaks);
        if (need.Missing.Count > 0)
            return false;
        (need.Through, need.Fetch) = (need.For, 0);
        return true;
    }

    private void AskHosts()
    {
        foreach (var need in _needs)
        {
            if (need.Fetch == 0 || (need.IsAsked && _isTimerActive))
                continue;
            need.IsAsked = true;
            var question = new PostQuestion(need.Fetch, need.Party, [.. need.Missing.Select(partition => MarkOf(need.Party, partition))]);
            foreach (var other in World.Sharding.OthersThan(_host))
                World.Network.Send(_host, other, new PostRequest(question));
        }

        if (_needs.Any(need => need.Fetch != 0))
            AskAgainLater();
    }

    private void AskAgainLater()
    {
        if (_isTimerActive)
            return;
        _isTimerActive = true;
        _host.Process.After(_askAgainAfter, () =>
        {
            _isTimerActive = false;
            GoOn();
        });
    }

    private PostMark MarkOf(int party, int partition) => party == PostQuestion.Letters
        ? new PostMark(partition, 0, 0)
        : new PostMark(partition, _host.Post.TakenBy(party, partition), _host.Post.KnownTo(party, partition));

    private void Answer(PostQuestion question, IPeer to)
    {
        if (question.Party != PostQuestion.Letters)
            _host.Post.Acknowledge(question.Party, question.Marks.Select(mark => (mark.Shard, mark.Taken)));
        var answers = question.Marks.Where(mark => _host.Speaks(mark.Shard)).Select(mark => PostOf(question.Party, mark)).ToList();
        if (answers.Count > 0)
            World.Network.Send(_host, to, new PostResponse(question.Fetch, question.Party, answers));
    }

    /// <summary>Now and then a message takes no more than one batch.</summary>
    private PostOfPartition PostOf(int party, PostMark mark)
    {
        if (party == PostQuestion.Letters)
        {
            var (taken, recoveries) = _host.Post.RecoveriesOf(mark.Shard - Students);
            return new PostOfPartition(mark.Shard, [], IsAll: true, taken, [.. recoveries]);
        }

        var batches = _host.Post.Export(party, mark.Shard, mark.Known);
        var isAll = batches.Count <= 1 || !World.Dice.Chance(10);
        return new PostOfPartition(mark.Shard, isAll ? batches : [batches[0]], isAll, 0, []);
    }

    private void Take(PostResponse response)
    {
        var need = _needs[response.Party == PostQuestion.Letters ? ^1 : response.Party];
        if (need.Fetch != response.Fetch)
            return;
        foreach (var post in response.Answers)
        {
            if (response.Party == PostQuestion.Letters)
                _host.Post.ImportRecoveries(post.Partition - Students, post.Taken, post.Recoveries);
            foreach (var batch in post.Batches)
                _host.Post.Import(response.Party, post.Partition, batch);
            if (post.IsAll)
                need.Missing.Remove(post.Partition);
            else
                need.IsAsked = false;
        }

        Finish(need);
    }

    /// <summary>The post of one partition of ledgers, or of all partitions of students together.</summary>
    private sealed class Need(int party)
    {
        public int Party => party;

        public DateOnly Through { get; set; }

        public DateOnly Wanted { get; set; }

        public long Fetch { get; set; }

        public DateOnly For { get; set; }

        public bool IsAsked { get; set; }

        public SortedSet<int> Missing { get; } = [];
    }
}
